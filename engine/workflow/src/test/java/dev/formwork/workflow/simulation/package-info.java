/// The simulator: a seed drives plans, agents, a provider, people, lost messages and crashes around
/// the engine's core, in virtual time (docs/engine.md).
@NullMarked
package dev.formwork.workflow.simulation;

import org.jspecify.annotations.NullMarked;
