/// Which hosts there are and how they are reached: from the provider's configuration and from an
/// Ansible inventory.
@NullMarked
package dev.formwork.provider.ssh.inventory;

import org.jspecify.annotations.NullMarked;
