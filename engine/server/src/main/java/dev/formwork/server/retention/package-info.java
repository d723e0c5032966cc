/// Forgets what is old: runs with their logs, events, and plans that were never applied.
@NullMarked
package dev.formwork.server.retention;

import org.jspecify.annotations.NullMarked;
