/// A file that changes from one whole state to the next, whatever happens to the power. H2 forces
/// its file to the disk when told to, but does not always find its way back from a file of which
/// the last writes are there in part: docs/durability.md has the figures.
@NullMarked
package dev.formwork.store.disk;

import org.jspecify.annotations.NullMarked;
