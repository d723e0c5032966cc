/// What would be done: the plan, its decisions, and what they compare with.
@NullMarked
package dev.formwork.workflow.plan;

import org.jspecify.annotations.NullMarked;
