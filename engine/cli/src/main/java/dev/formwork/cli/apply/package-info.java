/// Applies plans: shows them, asks, starts the run and watches it.
@NullMarked
package dev.formwork.cli.apply;

import org.jspecify.annotations.NullMarked;
