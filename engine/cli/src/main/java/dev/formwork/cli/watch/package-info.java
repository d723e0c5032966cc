/// Follows a run to its end: live on a terminal, as plain lines elsewhere.
@NullMarked
package dev.formwork.cli.watch;

import org.jspecify.annotations.NullMarked;
