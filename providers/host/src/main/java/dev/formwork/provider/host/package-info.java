/// What providers share whose machines are processes on the engine's own host: a directory for each
/// machine with a record in it that comes first and goes last, the locks between all who work on
/// them, and the processes, known by marks in the environment they were started with. Nothing here
/// remembers what the host can tell.
@NullMarked
package dev.formwork.provider.host;

import org.jspecify.annotations.NullMarked;
