package dev.formwork.model.module;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How the playbooks of a task are run, where its runner is `ansible`.
///
/// @param inventory the input that names the machines, by their groups; empty where a playbook
///   works on the machine that it runs on
/// @param groups those that this one machine is in, where there is no inventory
/// @param privateKey the input with the key for SSH
/// @param knownHosts the input with the keys of the machines, as in the file `known_hosts`
/// @param vaultPassword the input with the password of vaults in the module's folder
/// @param tags which tasks are run; empty for all
/// @param skipTags which are not
/// @param diff whether a check shows what would change in files
public record Ansible(
        Optional<String> inventory,
        List<String> groups,
        Optional<String> privateKey,
        Optional<String> knownHosts,
        Optional<String> vaultPassword,
        List<String> tags,
        List<String> skipTags,
        boolean diff) {
    /// The runner that uses it.
    public static final String RUNNER = "ansible";

    /// Of a task that says nothing.
    public static final Ansible USUAL =
            new Ansible(
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    true);

    public Ansible {
        groups = List.copyOf(groups);
        tags = List.copyOf(tags);
        skipTags = List.copyOf(skipTags);
    }

    /// The inputs that are no variables of the playbook.
    public List<String> inputs() {
        List<String> inputs = new ArrayList<>();
        inventory.ifPresent(inputs::add);
        privateKey.ifPresent(inputs::add);
        knownHosts.ifPresent(inputs::add);
        vaultPassword.ifPresent(inputs::add);
        return inputs;
    }
}
