/// Starts the benchmarks of providers.
@NullMarked
package dev.formwork.bench.providers;

import org.jspecify.annotations.NullMarked;
