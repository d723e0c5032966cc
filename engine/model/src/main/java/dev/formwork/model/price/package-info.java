/// What machines cost.
@NullMarked
package dev.formwork.model.price;

import org.jspecify.annotations.NullMarked;
