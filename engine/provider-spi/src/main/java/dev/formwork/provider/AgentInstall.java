package dev.formwork.provider;

import dev.formwork.model.ProblemException;

import java.util.Optional;

/// How a machine that is made elsewhere gets its agent by itself: by a script that it runs when it
/// first boots, which a cloud takes as user data.
///
/// The script fetches the agent, and Java where the machine has none, from the engine by TLS under
/// the engine's CA, which it carries. What is secret in it is the machine's boot token: good for
/// one registration, so that it is worth nothing once the agent runs. It may run again, also at
/// each boot: what is there already is left alone.
@FunctionalInterface
public interface AgentInstall {
    /// Of an engine that no other host can call.
    AgentInstall NONE =
            (_, _) -> {
                throw ProblemException.of(
                        "agent.no-engine-url",
                        "machines that are made elsewhere cannot call this engine",
                        "serve --agents ADDRESS, with an address that they reach");
            };

    /// A script for `/bin/sh` of a Linux with Python 3 (which cloud-init is written in), to be run
    /// as root. ASCII; 8 KiB at most, as the smallest limit of a cloud is 16.
    ///
    /// @param java the path of a Java 25 on the machine's image; empty where the engine's own is to
    ///   be brought, which runs on the engine's kind of processor and C library only
    /// @throws ProblemException `agent.no-engine-url`
    String script(InstanceRequest request, Optional<String> java);
}
