package dev.formwork.agent.protocol;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/// How the configuration of a job is applied, where its runner is `terraform`.
///
/// @param binary the program, `terraform` or `tofu`
/// @param backend whether the configuration says itself where its state is; else that is a folder
///   of the agent's machine
/// @param state what that folder is called; null for the step's name
/// @param workspace the input that names one; null for the usual one
/// @param targets addresses of the only resources that are planned; empty for all
/// @param secretOutputs outputs that may have a value that the configuration calls sensitive
public record TerraformSpec(
        String binary,
        boolean backend,
        @Nullable String state,
        @Nullable String workspace,
        List<String> targets,
        List<String> secretOutputs) {
    public TerraformSpec {
        Objects.requireNonNull(binary, "binary");
        targets = targets == null ? List.of() : List.copyOf(targets);
        secretOutputs = secretOutputs == null ? List.of() : List.copyOf(secretOutputs);
    }
}
