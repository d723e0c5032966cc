/// Takes the machine down when a job asked for it.
@NullMarked
package dev.formwork.agent.power;

import org.jspecify.annotations.NullMarked;
