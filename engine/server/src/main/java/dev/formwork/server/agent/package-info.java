/// The agents' door (docs/agent-protocol.md): registration, long polls, reports, logs, modules.
@NullMarked
package dev.formwork.server.agent;

import org.jspecify.annotations.NullMarked;
