/// `formwork artifacts`: files that machines fetch from the boot server, by their digest.
@NullMarked
package dev.formwork.cli.artifact;

import org.jspecify.annotations.NullMarked;
