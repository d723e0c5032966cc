/// How fast the engine is, measured: `engine/bench/run NAME`. Part of no program that is shipped.
@NullMarked
package dev.formwork.bench;

import org.jspecify.annotations.NullMarked;
