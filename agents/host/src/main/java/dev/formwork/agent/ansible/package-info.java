/// Runs Ansible playbooks as they are: the machines of a group become an inventory, inputs become
/// variables, what the playbook says of its work becomes outputs.
@NullMarked
package dev.formwork.agent.ansible;

import org.jspecify.annotations.NullMarked;
