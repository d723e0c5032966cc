package dev.formwork.workflow.engine;

import dev.formwork.workflow.result.Fingerprinter;

/// What the core is made of besides its state. All are called from the core's thread and do no I/O,
/// but for [PlanSource], which is asked only while the core is loaded.
public record EngineParts(
        PlanSource plans,
        Fingerprinter fingerprinter,
        OutputCheck outputCheck,
        Identifiers identifiers,
        EngineSettings settings) {}
