/// Finds the run and the node that a person means by a short name.
@NullMarked
package dev.formwork.cli.find;

import org.jspecify.annotations.NullMarked;
