/// The agent's Java runtime: linked, with an archive of classes that are parsed already.
@NullMarked
package dev.formwork.image.runtime;

import org.jspecify.annotations.NullMarked;
