/// Files of an image in a fixed order, and the archives they are written to.
@NullMarked
package dev.formwork.image.tree;

import org.jspecify.annotations.NullMarked;
