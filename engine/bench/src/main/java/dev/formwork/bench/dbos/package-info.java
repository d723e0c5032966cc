/// The chain of empty steps in DBOS Transact, which is what ours is held against. Nothing else sees
/// its library.
@NullMarked
package dev.formwork.bench.dbos;

import org.jspecify.annotations.NullMarked;
