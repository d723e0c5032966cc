/// How long it takes to make and release machines that cost a provider nothing.
@NullMarked
package dev.formwork.bench.lifecycle;

import org.jspecify.annotations.NullMarked;
