/// The engine's own agent: the process that carries out steps `on: engine`, started beside the
/// engine, watched, and taken over by the next engine where this one was killed.
@NullMarked
package dev.formwork.server.ownagent;

import org.jspecify.annotations.NullMarked;
