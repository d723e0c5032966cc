/// The container OS: builds kernel and initrd out of locked packages, the same bytes each time.
@NullMarked
package dev.formwork.image;

import org.jspecify.annotations.NullMarked;
