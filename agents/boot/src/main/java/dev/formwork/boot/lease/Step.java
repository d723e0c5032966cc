package dev.formwork.boot.lease;

import java.util.ArrayList;
import java.util.List;

/// What comes of one input of the server.
///
/// @param changes to commit
/// @param replies to send once the changes are durable
/// @param probes to make, and to tell the server what came of them
/// @param observations to log
public record Step(
        List<Lease> changes,
        List<Reply> replies,
        List<Probe> probes,
        List<Observation> observations) {
    public Step {
        changes = List.copyOf(changes);
        replies = List.copyOf(replies);
        probes = List.copyOf(probes);
        observations = List.copyOf(observations);
    }

    static final class Builder {
        final List<Lease> changes = new ArrayList<>();
        final List<Reply> replies = new ArrayList<>();
        final List<Probe> probes = new ArrayList<>();
        final List<Observation> observations = new ArrayList<>();

        Step build() {
            return new Step(changes, replies, probes, observations);
        }
    }
}
