/// Finds out what the machine is like.
@NullMarked
package dev.formwork.agent.facts;

import org.jspecify.annotations.NullMarked;
