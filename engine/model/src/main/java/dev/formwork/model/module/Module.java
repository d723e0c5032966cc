package dev.formwork.model.module;

import java.util.Map;

/// A versioned part defined in YAML, with typed inputs and outputs.
public sealed interface Module permits Task, Workflow, Interface, BootEnvironment {
    Header header();

    /// By name, in the order written.
    Map<String, InputSpec> inputs();

    /// By name, in the order written: what a user of the module may read.
    Map<String, OutputSpec> outputs();

    default String name() {
        return header().name();
    }
}
