/// The network that is measured on, and our boot server on it as a process of its own.
@NullMarked
package dev.formwork.bench.network;

import org.jspecify.annotations.NullMarked;
