/// Where the engine's log goes.
@NullMarked
package dev.formwork.server.log;

import org.jspecify.annotations.NullMarked;
