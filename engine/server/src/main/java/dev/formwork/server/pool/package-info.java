/// Pools over HTTP: declared, looked at, reserved from; what a person says about a dirty machine.
@NullMarked
package dev.formwork.server.pool;

import org.jspecify.annotations.NullMarked;
