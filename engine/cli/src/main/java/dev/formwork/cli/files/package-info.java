/// Removes what was made.
@NullMarked
package dev.formwork.cli.files;

import org.jspecify.annotations.NullMarked;
