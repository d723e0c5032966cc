/// Drivers: which there are, what they need, and which sets are chosen.
@NullMarked
package dev.formwork.image.kernel;

import org.jspecify.annotations.NullMarked;
