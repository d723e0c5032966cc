/// Values of inputs, outputs, facts and parameters.
@NullMarked
package dev.formwork.model.value;

import org.jspecify.annotations.NullMarked;
