/// Machines, as the API shows them.
@NullMarked
package dev.formwork.server.machine;

import org.jspecify.annotations.NullMarked;
