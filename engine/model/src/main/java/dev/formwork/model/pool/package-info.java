/// What an operator declares of machines that are free to be taken: pools.
@NullMarked
package dev.formwork.model.pool;

import org.jspecify.annotations.NullMarked;
