/// Starts the engine in this process.
@NullMarked
package dev.formwork.cli.serve;

import org.jspecify.annotations.NullMarked;
