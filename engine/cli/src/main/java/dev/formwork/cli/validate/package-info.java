/// Checks files without an engine.
@NullMarked
package dev.formwork.cli.validate;

import org.jspecify.annotations.NullMarked;
