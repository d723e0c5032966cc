/// The benchmark `transitions`: durable step transitions per second, at the store and through the
/// whole core, beside what the database can do at best; and how long a step that is ready takes to
/// start on a real agent.
@NullMarked
package dev.formwork.bench.transitions;

import org.jspecify.annotations.NullMarked;
