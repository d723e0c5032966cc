/// What all commands share: global options, where things are, exit codes, how problems are printed.
@NullMarked
package dev.formwork.cli.session;

import org.jspecify.annotations.NullMarked;
