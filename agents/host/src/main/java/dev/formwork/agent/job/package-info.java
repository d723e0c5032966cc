/// Runs jobs: processes, logs, outputs and results, across crashes of the agent and reboots.
@NullMarked
package dev.formwork.agent.job;

import org.jspecify.annotations.NullMarked;
