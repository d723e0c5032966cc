/// Goes through runs that have ended once more.
@NullMarked
package dev.formwork.server.replay;

import org.jspecify.annotations.NullMarked;
