package dev.formwork.workflow.tape;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// One thing that a run was told, with what else was not the run's own to decide then.
///
/// @param at to the microsecond, as the store keeps times
/// @param waits other runs had the machines that it asked for: it does so until [Told.Granted]
/// @param named the ids that were made up for its jobs and machines, in their order
public record TapeEntry(Instant at, Told told, boolean waits, List<String> named) {
    public TapeEntry {
        at = at.truncatedTo(ChronoUnit.MICROS);
        named = List.copyOf(named);
    }
}
