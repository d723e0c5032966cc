/// Which packages an image is made of: the locked list, and how it is made and fetched.
@NullMarked
package dev.formwork.image.lock;

import org.jspecify.annotations.NullMarked;
