/// A real cluster on one machine, in one command, and its removal.
@NullMarked
package dev.formwork.cli.demo;

import org.jspecify.annotations.NullMarked;
