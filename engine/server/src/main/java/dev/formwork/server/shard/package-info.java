/// Several engines on one store: which of them has which shard, and how a request finds the one
/// that can answer it.
@NullMarked
package dev.formwork.server.shard;

import org.jspecify.annotations.NullMarked;
