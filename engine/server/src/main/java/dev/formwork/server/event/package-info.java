/// What changes, as a stream of server-sent events.
@NullMarked
package dev.formwork.server.event;

import org.jspecify.annotations.NullMarked;
