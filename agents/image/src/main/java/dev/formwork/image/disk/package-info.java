/// Digests and folders.
@NullMarked
package dev.formwork.image.disk;

import org.jspecify.annotations.NullMarked;
