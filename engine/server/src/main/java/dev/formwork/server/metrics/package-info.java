/// What the engine counts, in Prometheus' format.
@NullMarked
package dev.formwork.server.metrics;

import org.jspecify.annotations.NullMarked;
