/// Who this agent is to the engine: its credential, and what the engine calls the machine.
@NullMarked
package dev.formwork.agent.identity;

import org.jspecify.annotations.NullMarked;
