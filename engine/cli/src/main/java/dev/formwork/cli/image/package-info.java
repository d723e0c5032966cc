/// `formwork image`: builds the container OS.
@NullMarked
package dev.formwork.cli.image;

import org.jspecify.annotations.NullMarked;
