/// The engine's data directory: what is in it, who may read it, and what tells others where the
/// engine is.
@NullMarked
package dev.formwork.server.home;

import org.jspecify.annotations.NullMarked;
