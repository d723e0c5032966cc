/// Several engines on one database: what they do together, and how soon the work of one that dies
/// goes on.
@NullMarked
package dev.formwork.bench.engines;

import org.jspecify.annotations.NullMarked;
