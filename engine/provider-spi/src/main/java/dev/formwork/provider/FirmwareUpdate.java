package dev.formwork.provider;

import java.util.List;
import java.util.Optional;

/// How far an update of firmware is.
///
/// @param id what the provider calls it, for [FirmwareControl#progress]; 1 to 1,024 printable ASCII
///   characters
/// @param state of it
/// @param percent of the work that is done, 0 to 100, where the place says it
/// @param messages what the place says about it; hostile, as all that comes from there
public record FirmwareUpdate(
        String id, State state, Optional<Integer> percent, List<String> messages) {
    /// Whether it is over, and how it ended.
    public enum State {
        RUNNING,
        /// The place has taken the image. The machine may have to be reset before it runs.
        DONE,
        FAILED
    }

    public FirmwareUpdate {
        messages = List.copyOf(messages);
    }
}
