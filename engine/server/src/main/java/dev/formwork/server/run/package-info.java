/// Runs: started, watched, explained, and what people do about them.
@NullMarked
package dev.formwork.server.run;

import org.jspecify.annotations.NullMarked;
