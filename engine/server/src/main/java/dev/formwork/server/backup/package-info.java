/// Hands out backups.
@NullMarked
package dev.formwork.server.backup;

import org.jspecify.annotations.NullMarked;
