/// Backups: made of a running engine, restored where there is none.
@NullMarked
package dev.formwork.cli.backup;

import org.jspecify.annotations.NullMarked;
