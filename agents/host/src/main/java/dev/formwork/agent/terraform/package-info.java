/// Applies configurations of Terraform or OpenTofu as they are: inputs become variables, the plan
/// is the check.
@NullMarked
package dev.formwork.agent.terraform;

import org.jspecify.annotations.NullMarked;
