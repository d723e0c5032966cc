/// Reads and writes tar archives as they stream by.
@NullMarked
package dev.formwork.agent.archive;

import org.jspecify.annotations.NullMarked;
