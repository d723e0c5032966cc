/// Keeps the state that `dev.formwork.workflow` asks for in a database.
@NullMarked
package dev.formwork.store;

import org.jspecify.annotations.NullMarked;
