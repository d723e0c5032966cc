/// The agent on a machine: takes jobs, runs them, and reports what it finds.
@NullMarked
package dev.formwork.agent;

import org.jspecify.annotations.NullMarked;
