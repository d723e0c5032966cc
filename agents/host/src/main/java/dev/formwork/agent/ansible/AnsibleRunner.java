package dev.formwork.agent.ansible;

import dev.formwork.agent.disk.DurableFile;
import dev.formwork.agent.protocol.AnsibleSpec;
import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.runner.Launch;
import dev.formwork.agent.runner.OwnScript;
import dev.formwork.agent.runner.Programs;
import dev.formwork.agent.runner.Runner;
import dev.formwork.agent.runner.RunnerException;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Runs a playbook with `ansible-playbook`: on this machine, or from it on others over SSH.
///
/// Values reach Ansible in files that only the agent's user reads, never on the command line, and
/// as texts that Ansible does not evaluate. A callback of Ansible's that lies beside them writes
/// outputs and the reason of a failure; the log stays the one that Ansible writes as it works.
public final class AnsibleRunner implements Runner {
    /// Where Ansible looks if nobody says, behind the module's own folder.
    private static final String USUAL_ROLES =
            "~/.ansible/roles:/usr/share/ansible/roles:/etc/ansible/roles";

    private static final String USUAL_COLLECTIONS =
            "~/.ansible/collections:/usr/share/ansible/collections";

    @Override
    public String name() {
        return "ansible";
    }

    @Override
    public List<String> command(Launch launch) throws IOException, RunnerException {
        Programs.need("ansible-playbook", "install it there, such as by the package ansible-core");
        Job job = launch.job();
        AnsibleSpec spec =
                job.ansible() == null
                        ? new AnsibleSpec(
                                null, List.of(), null, null, null, List.of(), List.of(), true)
                        : job.ansible();
        Path scratch = launch.scratch();
        DurableFile.createPrivateFolder(scratch.resolve("callback"));
        write(
                scratch.resolve("callback/formwork.py"),
                OwnScript.text(AnsibleRunner.class, "formwork.py"));
        DurableFile.replace(scratch.resolve("types.json"), launch.outputTypes());
        write(scratch.resolve("inventory.yaml"), inventory(launch, spec));
        write(scratch.resolve("variables.yaml"), UntrustedYaml.write(variables(job, spec)));
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "sh",
                                "-c",
                                OwnScript.text(AnsibleRunner.class, "play.sh"),
                                "formwork-ansible",
                                scratch.toString(),
                                launch.check() ? "check" : "run"));
        command.addAll(settings(launch.module()));
        command.addAll(
                List.of(
                        "ansible-playbook",
                        "--inventory",
                        scratch.resolve("inventory.yaml").toString(),
                        "--extra-vars",
                        "@" + scratch.resolve("variables.yaml")));
        if (launch.check()) {
            command.add("--check");
            if (spec.diff()) {
                command.add("--diff");
            }
        }
        if (spec.privateKey() != null) {
            command.add("--private-key");
            command.add(secret(launch, spec.privateKey(), "private-key"));
        }
        if (spec.knownHosts() != null) {
            String file = secret(launch, spec.knownHosts(), "known-hosts");
            command.add("--ssh-common-args");
            command.add("-o 'UserKnownHostsFile=\"" + file + "\"' -o StrictHostKeyChecking=yes");
        }
        if (spec.vaultPassword() != null) {
            command.add("--vault-password-file");
            command.add(secret(launch, spec.vaultPassword(), "vault-password"));
        }
        if (!spec.tags().isEmpty()) {
            command.add("--tags=" + String.join(",", spec.tags()));
        }
        if (!spec.skipTags().isEmpty()) {
            command.add("--skip-tags=" + String.join(",", spec.skipTags()));
        }
        command.add(launch.script().toString());
        return List.copyOf(command);
    }

    /// The module's own settings, or where they would be without any.
    private static List<String> settings(Path module) {
        Path file = module.resolve("ansible.cfg");
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                ? List.of("env", "ANSIBLE_CONFIG=" + file)
                : List.of(
                        "env",
                        "ANSIBLE_ROLES_PATH=" + module.resolve("roles") + ":" + USUAL_ROLES,
                        "ANSIBLE_COLLECTIONS_PATH="
                                + module.resolve("collections")
                                + ":"
                                + USUAL_COLLECTIONS);
    }

    private static String inventory(Launch launch, AnsibleSpec spec) throws RunnerException {
        Path temporary = launch.work().resolve(".ansible/remote");
        return spec.inventory() == null
                ? Inventory.ofMachine(
                        launch.environment().getOrDefault("FORMWORK_MACHINE", "localhost"),
                        spec.groups(),
                        temporary)
                : Inventory.of(launch.job().inputs().get(spec.inventory()), temporary);
    }

    /// All inputs but those that are something else to Ansible.
    private static JsonNode variables(Job job, AnsibleSpec spec) {
        Set<@Nullable String> others = new HashSet<>();
        others.add(spec.inventory());
        others.add(spec.privateKey());
        others.add(spec.knownHosts());
        others.add(spec.vaultPassword());
        ObjectNode variables = JsonNodeFactory.instance.objectNode();
        job.inputs()
                .forEach((name, value) -> {
                    if (!others.contains(name)) {
                        variables.set(name, value);
                    }
                });
        return variables;
    }

    /// A file with the text of an input, which ends with a line's end.
    private static String secret(Launch launch, String input, String file)
            throws IOException, RunnerException {
        JsonNode value = launch.job().inputs().get(input);
        if (value == null || !value.isString()) {
            throw new RunnerException("agent.job-invalid", "the input " + input + " is no text");
        }
        Path path = launch.scratch().resolve(file);
        write(path, value.stringValue().stripTrailing() + "\n");
        return path.toString();
    }

    private static void write(Path file, String text) throws IOException {
        DurableFile.replace(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
