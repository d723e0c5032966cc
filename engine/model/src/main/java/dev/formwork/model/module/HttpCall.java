package dev.formwork.model.module;

import dev.formwork.model.value.Value;
import dev.formwork.model.value.ValueJson;

import java.util.List;
import java.util.Set;

/// What is known of HTTP calls, which are the scripts of the runner `http`: an [Script.Inline]
/// whose text is JSON, as docs/agent-protocol.md has it.
public final class HttpCall {
    /// The runner that makes them.
    public static final String RUNNER = "http";

    public static final List<String> METHODS =
            List.of("GET", "HEAD", "PUT", "DELETE", "POST", "PATCH", "OPTIONS");

    /// Those that change nothing (RFC 9110, 9.2.1).
    public static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    /// Those that may do a second time what they did the first time (RFC 9110, 9.2.2).
    public static final Set<String> NOT_IDEMPOTENT = Set.of("POST", "PATCH");

    private HttpCall() {}

    /// Whether a call may do a second time what it did the first time.
    ///
    /// @param script of a task whose runner is `http`
    public static boolean mayDoItTwice(Script script) {
        return script instanceof Script.Inline(String text)
                && ValueJson.read(text) instanceof Value.Struct call
                && call.fields().get("method") instanceof Value.Text(String method)
                && NOT_IDEMPOTENT.contains(method);
    }
}
