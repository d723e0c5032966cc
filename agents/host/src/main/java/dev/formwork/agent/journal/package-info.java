/// What the agent must not forget: one durable file for each job, written before the job starts.
@NullMarked
package dev.formwork.agent.journal;

import org.jspecify.annotations.NullMarked;
