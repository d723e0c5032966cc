/// Runs the few programs of the build machine that the builder needs.
@NullMarked
package dev.formwork.image.command;

import org.jspecify.annotations.NullMarked;
