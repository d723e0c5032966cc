package dev.formwork.agent.protocol;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// How the playbooks of a job are run, where its runner is `ansible`.
///
/// @param inventory the input that names the machines by their groups; null where a playbook works
///   on the agent's own machine
/// @param groups those that this one machine is in
/// @param privateKey the input with the key for SSH
/// @param knownHosts the input with the keys of the machines
/// @param vaultPassword the input with the password of the module's vaults
/// @param tags which tasks are run; empty for all
/// @param skipTags which are not
/// @param diff whether a check shows what would change in files; an engine that does not say means
///   so
public record AnsibleSpec(
        @Nullable String inventory,
        List<String> groups,
        @Nullable String privateKey,
        @Nullable String knownHosts,
        @Nullable String vaultPassword,
        List<String> tags,
        List<String> skipTags,
        Boolean diff) {
    public AnsibleSpec {
        groups = groups == null ? List.of() : List.copyOf(groups);
        tags = tags == null ? List.of() : List.copyOf(tags);
        skipTags = skipTags == null ? List.of() : List.copyOf(skipTags);
        diff = diff == null || diff;
    }
}
