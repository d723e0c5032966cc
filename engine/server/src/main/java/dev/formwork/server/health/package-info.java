/// Whether the engine takes work, what it is, and its metrics.
@NullMarked
package dev.formwork.server.health;

import org.jspecify.annotations.NullMarked;
