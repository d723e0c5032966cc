/// How long a command on many hosts takes over our connections, and with Ansible.
@NullMarked
package dev.formwork.bench.ssh;

import org.jspecify.annotations.NullMarked;
