package dev.formwork.agent.job;

import dev.formwork.agent.journal.Journal;
import dev.formwork.agent.module.ModuleCache;
import dev.formwork.agent.power.MachinePower;
import dev.formwork.agent.runner.Runners;
import dev.formwork.agent.transport.Contact;
import dev.formwork.agent.transport.Engine;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/// What jobs work with.
///
/// @param site where they are carried out
/// @param bootId of the boot that this process of the agent lives in
/// @param environment the agent's own
/// @param jobs folder of the jobs' folders
/// @param state folder that outlives jobs
/// @param cache folder that machines share, if there is one
public record Workplace(
        Engine engine,
        Contact contact,
        Journal journal,
        ModuleCache modules,
        Runners runners,
        JobSite site,
        MachinePower power,
        Clock clock,
        String bootId,
        Map<String, String> environment,
        Path jobs,
        Path state,
        @Nullable Path cache) {}
