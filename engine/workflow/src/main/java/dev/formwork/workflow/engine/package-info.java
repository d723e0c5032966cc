/// The engine's core: one single-threaded, stepped state machine over all machines, runs and jobs,
/// without threads, clocks, sockets or randomness of its own, so that a seed replays everything.
@NullMarked
package dev.formwork.workflow.engine;

import org.jspecify.annotations.NullMarked;
