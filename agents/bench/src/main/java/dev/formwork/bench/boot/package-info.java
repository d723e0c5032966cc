/// How long a machine takes from power-on to its agent's first request.
@NullMarked
package dev.formwork.bench.boot;

import org.jspecify.annotations.NullMarked;
