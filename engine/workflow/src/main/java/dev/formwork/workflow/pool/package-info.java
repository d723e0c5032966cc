/// Pools: which machines belong to one, and which of them may be taken. Pure functions of what is
/// declared and what is recorded; who gets one is decided by the engine's core.
@NullMarked
package dev.formwork.workflow.pool;

import org.jspecify.annotations.NullMarked;
