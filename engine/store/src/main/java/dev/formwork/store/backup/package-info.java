/// The file of a backup: rows of tables, whatever database they came from.
@NullMarked
package dev.formwork.store.backup;

import org.jspecify.annotations.NullMarked;
