/// Keeps secrets unreadable to whoever reads the store without the engine's key.
@NullMarked
package dev.formwork.store.secret;

import org.jspecify.annotations.NullMarked;
