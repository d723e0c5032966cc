/// How long things wait: backoff with jitter, and waits that can be cut short.
@NullMarked
package dev.formwork.agent.pace;

import org.jspecify.annotations.NullMarked;
