/// Reads the distribution's packages.
@NullMarked
package dev.formwork.image.deb;

import org.jspecify.annotations.NullMarked;
