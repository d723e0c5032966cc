/// The benchmark `plans`: what the real planner takes for a fleet.
@NullMarked
package dev.formwork.bench.plans;

import org.jspecify.annotations.NullMarked;
