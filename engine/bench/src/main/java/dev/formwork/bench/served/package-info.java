/// A real engine in a process of its own, and what its events tell of a run.
@NullMarked
package dev.formwork.bench.served;

import org.jspecify.annotations.NullMarked;
