/// The benchmark `fleet`: one run over up to ten thousand machines on one engine with little
/// memory, and what a node costs as the run grows.
@NullMarked
package dev.formwork.bench.fleet;

import org.jspecify.annotations.NullMarked;
