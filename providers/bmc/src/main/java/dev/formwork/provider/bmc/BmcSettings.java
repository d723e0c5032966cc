package dev.formwork.provider.bmc;

import dev.formwork.model.ProblemException;
import dev.formwork.model.Problems;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.Settings;

import java.time.Duration;

/// What the configuration of every provider of this kind takes, as docs/providers.md lists it.
///
/// @param grace how long a node has to switch itself off when it is asked to
/// @param patience how long a node may take from a command until its power is as commanded
/// @param pause between two looks at a node's power
public record BmcSettings(Nodes nodes, Duration grace, Duration patience, Duration pause) {
    private static final Duration PAUSE = Duration.ofMillis(500);

    /// Reads the keys that all share, and ends the reading: keys of one protocol are read before.
    ///
    /// @param port of controllers that say nothing else
    /// @throws ProblemException `provider.invalid-config` with all that is wrong
    public static BmcSettings read(
            ProviderContext context, Settings config, int port, ControllerOpener opener) {
        Problems problems = new Problems();
        BmcSettings settings =
                new BmcSettings(
                        NodeReader.read(config, port, context.dataDirectory(), opener, problems),
                        Duration.ofSeconds(config.integer("grace_seconds", 60, 0, 3600)),
                        Duration.ofSeconds(config.integer("power_seconds", 60, 1, 3600)),
                        PAUSE);
        try {
            config.finish();
        } catch (ProblemException wrong) {
            problems.addAll(wrong.problems());
        }
        problems.throwIfAny();
        return settings;
    }

    /// The same with another pause: tests have no time.
    public BmcSettings pausing(Duration other) {
        return new BmcSettings(nodes, grace, patience, other);
    }
}
