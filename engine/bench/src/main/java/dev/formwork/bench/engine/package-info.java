/// Whole runs through the engine's core, its loop and a store, in this process: with plans that are
/// generated and agents that are simulated.
@NullMarked
package dev.formwork.bench.engine;

import org.jspecify.annotations.NullMarked;
