/// Where the machines of a group are made, and what they cost: decided by pure functions of what is
/// declared, what is recorded and an operator's prices.
@NullMarked
package dev.formwork.workflow.placement;

import org.jspecify.annotations.NullMarked;
