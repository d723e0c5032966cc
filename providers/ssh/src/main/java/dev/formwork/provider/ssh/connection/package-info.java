/// Connections to hosts: one to each, kept; scripts and uploads share it.
@NullMarked
package dev.formwork.provider.ssh.connection;

import org.jspecify.annotations.NullMarked;
