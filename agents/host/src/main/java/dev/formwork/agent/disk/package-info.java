/// Files that outlive a loss of power, and folders that are removed with care.
@NullMarked
package dev.formwork.agent.disk;

import org.jspecify.annotations.NullMarked;
