/// Ends the engine at chosen instants, for tests of what survives that.
@NullMarked
package dev.formwork.server.failpoint;

import org.jspecify.annotations.NullMarked;
