/// Shell completion.
@NullMarked
package dev.formwork.cli.shell;

import org.jspecify.annotations.NullMarked;
