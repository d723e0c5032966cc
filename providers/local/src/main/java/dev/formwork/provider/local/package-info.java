/// Machines that are processes on the engine's own host.
@NullMarked
package dev.formwork.provider.local;

import org.jspecify.annotations.NullMarked;
