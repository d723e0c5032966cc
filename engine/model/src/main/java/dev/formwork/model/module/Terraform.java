package dev.formwork.model.module;

import java.util.List;
import java.util.Optional;

/// How the configuration of a task is applied, where its runner is `terraform`.
///
/// @param binary `terraform` or `tofu`
/// @param backend whether the configuration says itself where its state is; else that is a folder
///   of the machine that runs it
/// @param state what that folder is called, where it is not the step's; may have `/`
/// @param workspace the input that names one
/// @param targets addresses of the only resources that are planned; empty for all
public record Terraform(
        String binary,
        boolean backend,
        Optional<String> state,
        Optional<String> workspace,
        List<String> targets) {
    /// The runner that uses it.
    public static final String RUNNER = "terraform";

    /// Programs that are spoken to in the same way.
    public static final List<String> BINARIES = List.of("terraform", "tofu");

    /// Of a task that says nothing.
    public static final Terraform USUAL =
            new Terraform(
                    BINARIES.getFirst(), false, Optional.empty(), Optional.empty(), List.of());

    public Terraform {
        targets = List.copyOf(targets);
    }
}
