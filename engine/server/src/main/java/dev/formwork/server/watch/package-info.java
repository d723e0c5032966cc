/// Tells those who wait (for events, for more of a log) that something was stored.
@NullMarked
package dev.formwork.server.watch;

import org.jspecify.annotations.NullMarked;
