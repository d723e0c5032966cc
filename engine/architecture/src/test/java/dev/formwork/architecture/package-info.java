/// Rules over the classes of all modules.
@NullMarked
package dev.formwork.architecture;

import org.jspecify.annotations.NullMarked;
