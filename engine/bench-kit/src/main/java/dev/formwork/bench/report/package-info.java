/// What benchmarks share: medians, facts about the machine, and how figures are printed.
@NullMarked
package dev.formwork.bench.report;

import org.jspecify.annotations.NullMarked;
