/// What an agent and the engine say to each other. Depends on nothing else of ours.
@NullMarked
package dev.formwork.agent.protocol;

import org.jspecify.annotations.NullMarked;
