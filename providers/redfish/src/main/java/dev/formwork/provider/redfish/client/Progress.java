package dev.formwork.provider.redfish.client;

import java.util.List;
import java.util.Optional;

/// How far a task of a service is.
///
/// @param state of it
/// @param percent 0 to 100, where the service says it
/// @param messages what the service says of it, at most 16
public record Progress(State state, Optional<Integer> percent, List<String> messages) {
    /// What is over and how.
    public enum State {
        RUNNING,
        DONE,
        FAILED
    }

    public Progress {
        messages = List.copyOf(messages);
    }
}
