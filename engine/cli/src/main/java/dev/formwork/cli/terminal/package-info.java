/// What a person reads: tables, colours, times, names in short, as wide as the terminal is.
@NullMarked
package dev.formwork.cli.terminal;

import org.jspecify.annotations.NullMarked;
