/// Reads what the builder needs to know of programs, libraries and kernel modules.
@NullMarked
package dev.formwork.image.elf;

import org.jspecify.annotations.NullMarked;
