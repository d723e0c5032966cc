/// Machines as the engine records them.
@NullMarked
package dev.formwork.workflow.machine;

import org.jspecify.annotations.NullMarked;
