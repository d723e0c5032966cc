/// What an agent and the engine say to each other, as docs/agent-protocol.md has it: one record for
/// each message, the codec for them, and the bundles in which modules travel. Both sides use it,
/// and it depends on nothing else of ours.
@NullMarked
package dev.formwork.agent.protocol;

import org.jspecify.annotations.NullMarked;
