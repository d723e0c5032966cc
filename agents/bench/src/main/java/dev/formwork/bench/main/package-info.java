/// The program: `agents/bench/run`.
@NullMarked
package dev.formwork.bench.main;

import org.jspecify.annotations.NullMarked;
