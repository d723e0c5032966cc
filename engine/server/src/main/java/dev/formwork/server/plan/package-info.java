/// Plans: made, kept, approved, and started.
@NullMarked
package dev.formwork.server.plan;

import org.jspecify.annotations.NullMarked;
