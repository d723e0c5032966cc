/// Drives the engine's core: one thread steps it, the store keeps what it did, and only then are
/// its answers given and its effects done.
@NullMarked
package dev.formwork.server.loop;

import org.jspecify.annotations.NullMarked;
