package dev.formwork.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.agent.protocol.AnsibleSpec;
import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.JobMode;
import dev.formwork.agent.protocol.ModuleBundle;
import dev.formwork.agent.protocol.ModuleDigest;
import dev.formwork.agent.protocol.Outcome;
import dev.formwork.agent.protocol.Report;
import dev.formwork.testkit.Needs;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;

/// Playbooks, run by the real Ansible.
final class RunsPlaybooksIT {
    private static final String SITE =
            """
            - hosts: web
              gather_facts: false
              roles: [greeting]
              tasks:
                - ansible.builtin.set_stats:
                    data: {port: "{{ listen }}", path: "{{ greeting_path }}", ready: "{{ listen > 80 }}"}
            """;

    private static final String ROLE =
            """
            - ansible.builtin.copy:
                content: "hello {{ who }}\\n"
                dest: "{{ greeting_path }}"
                mode: "0644"
            """;

    private static final String LOCAL =
            "{\"m\": [{\"name\": \"m-1\", \"ansible_connection\": \"local\"}]}";

    private FakeEngine engine;
    private AgentProcess agent;
    private Path folder;
    private Path greeting;

    @BeforeEach
    void start(@TempDir Path temporary) throws IOException {
        Needs.programs("ansible-playbook");
        folder = temporary;
        greeting = folder.resolve("greeting");
        engine = FakeEngine.start();
        engine.add(TestJobs.EMPTY_MODULE);
        agent = new AgentProcess(folder, engine.url()).start();
    }

    @AfterEach
    void stop() throws IOException {
        agent.close();
        engine.close();
    }

    private Report run(Job job) {
        engine.offer(job);
        return engine.awaitReport(job);
    }

    private static JsonNode output(Report report, String name) {
        return Objects.requireNonNull(report.outputs().get(name));
    }

    private ModuleDigest module(Map<String, String> files) {
        return engine.add(
                ModuleBundle.of(
                        files.entrySet().stream()
                                .collect(
                                        Collectors.toMap(
                                                Map.Entry::getKey,
                                                file ->
                                                        file.getValue()
                                                                .getBytes(
                                                                        StandardCharsets.UTF_8)))));
    }

    private static AnsibleSpec of(@Nullable String inventory, String... groups) {
        return new AnsibleSpec(
                inventory, List.of(groups), null, null, null, List.of(), List.of(), true);
    }

    private TestJobs site(String id) {
        return TestJobs.shell(id, "")
                .ansible(of(null, "web"))
                .file(
                        module(
                                Map.of(
                                        "site.yml", SITE,
                                        "roles/greeting/tasks/main.yml", ROLE)),
                        "site.yml")
                .input("who", "\"world\"")
                .input("listen", "8080")
                .input("greeting_path", "\"" + greeting + "\"");
    }

    private TestJobs play(String id, String inventory, String playbook) {
        return TestJobs.shell(id, "")
                .ansible(of("hosts"))
                .file(module(Map.of("play.yml", playbook)), "play.yml")
                .input("hosts", inventory);
    }

    @Test
    void runsAPlaybookAndItsRoleOnItsOwnMachine() {
        Job job =
                site("j-1")
                        .output("port", "integer")
                        .output("path", "string")
                        .output("ready", "boolean")
                        .output("recap", "object")
                        .output("changed", "integer")
                        .job();
        Report report = run(job);

        assertThat(report.outcome()).as(engine.log(job)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(greeting).hasContent("hello world");
        assertThat(engine.log(job))
                .contains("TASK [greeting : ", "changed: [node-1]", "PLAY RECAP")
                .doesNotContain("[WARNING]");
        assertThat(report.outputs())
                .containsEntry("port", TestJobs.json("8080"))
                .containsEntry("path", TestJobs.json("\"" + greeting + "\""))
                .containsEntry("ready", TestJobs.json("true"))
                .containsEntry("changed", TestJobs.json("1"))
                .containsEntry(
                        "recap",
                        TestJobs.json(
                                """
                                {"node-1": {"ok": 2, "changed": 1, "unreachable": 0, "failed": 0,
                                            "skipped": 0, "rescued": 0, "ignored": 0}}
                                """));
        Job again = site("j-2").output("changed", "integer").job();
        assertThat(run(again).outputs()).containsEntry("changed", TestJobs.json("0"));
    }

    @Test
    void leavesNothingInTheHomeOfTheAgentsUser() throws IOException {
        Path home = Files.createDirectory(folder.resolve("home"));
        agent.close();
        agent =
                new AgentProcess(folder.resolve("other"), engine.url())
                        .with("HOME", home.toString())
                        .start();
        Job own = site("j-1").job();
        assertThat(run(own).outcome()).as(engine.log(own)).isEqualTo(Outcome.SUCCEEDED);
        Job listed =
                play("j-2", LOCAL, "- {hosts: m, gather_facts: false, tasks: [{ping: }]}\n").job();
        assertThat(run(listed).outcome()).as(engine.log(listed)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void showsNoDifferenceOfWhatIsNotToBeLogged() {
        Job job =
                play(
                                "j-1",
                                LOCAL,
                                """
                                - hosts: m
                                  gather_facts: false
                                  tasks:
                                    - {ansible.builtin.copy: {content: "open\n", dest: "{{ folder }}/open"}}
                                    - {ansible.builtin.copy: {content: "sealed\n", dest: "{{ folder }}/sealed"}, no_log: true}
                                """)
                        .input("folder", "\"" + folder + "\"")
                        .mode(JobMode.CHECK)
                        .checksItself()
                        .job();
        assertThat(run(job).outcome()).as(engine.log(job)).isEqualTo(Outcome.DOES_NOT_HOLD);
        assertThat(engine.log(job)).contains("+open").doesNotContain("+sealed");

        Job silent =
                site("j-2")
                        .ansible(
                                new AnsibleSpec(
                                        null,
                                        List.of("web"),
                                        null,
                                        null,
                                        null,
                                        List.of(),
                                        List.of(),
                                        false))
                        .mode(JobMode.CHECK)
                        .checksItself()
                        .job();
        assertThat(run(silent).outcome()).isEqualTo(Outcome.DOES_NOT_HOLD);
        assertThat(engine.log(silent)).contains("changed: [node-1]").doesNotContain("+hello");
    }

    @Test
    void checksWithoutChangingAnything() throws IOException {
        TestJobs job = site("j-1").mode(JobMode.CHECK).checksItself();
        Report before = run(job.job());
        assertThat(before.outcome()).as(engine.log(job.job())).isEqualTo(Outcome.DOES_NOT_HOLD);
        assertThat(greeting).doesNotExist();
        assertThat(engine.log(job.job())).contains("+hello world");

        Files.writeString(greeting, "hello world\n");
        Job holds = site("j-2").mode(JobMode.CHECK).checksItself().output("port", "integer").job();
        Report after = run(holds);
        assertThat(after.outcome()).as(engine.log(holds)).isEqualTo(Outcome.HOLDS);
        assertThat(after.outputs()).containsEntry("port", TestJobs.json("8080"));

        Job broken =
                play("j-3", LOCAL, "- {hosts: m, gather_facts: false, tasks: [{fail: }]}\n")
                        .mode(JobMode.CHECK)
                        .checksItself()
                        .job();
        Report unknown = run(broken);
        assertThat(unknown.outcome()).as(engine.log(broken)).isEqualTo(Outcome.CHECK_UNKNOWN);
        assertThat(unknown.code()).isEqualTo("ansible.task-failed");
    }

    @Test
    void runsOnlyWhereTheCheckDoesNotHold() {
        Job first = site("j-1").mode(JobMode.CHECK_THEN_RUN).checksItself().job();
        Job second = site("j-2").mode(JobMode.CHECK_THEN_RUN).checksItself().job();

        assertThat(run(first).outcome()).as(engine.log(first)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(greeting).hasContent("hello world");
        assertThat(run(second).outcome()).as(engine.log(second)).isEqualTo(Outcome.HOLDS);
    }

    @Test
    void worksOnTheMachinesOfAnInventory() throws IOException {
        Job job =
                play(
                                "j-1",
                                """
                                {"web": [{"name": "web-1", "address": "127.1.0.3", "weight": 5, "ansible_connection": "local"},
                                         {"name": "web-2", "address": "127.1.0.4", "weight": 7, "ansible_connection": "local"}],
                                 "db": [{"name": "db-1", "address": "127.1.0.5", "ansible_connection": "local"}]}
                                """,
                                """
                                - hosts: web
                                  gather_facts: false
                                  tasks:
                                    - ansible.builtin.copy:
                                        content: "{{ weight }} {{ ansible_host }} {{ hostvars[groups['db'][0]].ansible_host }}"
                                        dest: "{{ folder }}/{{ inventory_hostname }}"
                                    - ansible.builtin.set_stats:
                                        data: {weights: "{{ weight }}"}
                                        aggregate: true
                                """)
                        .input("folder", "\"" + folder + "\"")
                        .output("recap", "object")
                        .output("weights", "integer")
                        .job();
        Report report = run(job);

        assertThat(report.outcome()).as(engine.log(job)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(folder.resolve("web-1")).hasContent("5 127.1.0.3 127.1.0.5");
        assertThat(folder.resolve("web-2")).hasContent("7 127.1.0.4 127.1.0.5");
        assertThat(output(report, "recap").propertyNames())
                .containsExactlyInAnyOrder("web-1", "web-2");
    }

    @Test
    void saysWhichMachinesFailedAndWhichCouldNotBeReached() {
        String inventory =
                """
                {"m": [{"name": "good", "ansible_connection": "local"},
                       {"name": "bad", "ansible_connection": "local"},
                       {"name": "away", "address": "127.0.0.1", "ansible_port": 1}]}
                """;
        String ping = "- {hosts: m, gather_facts: false, tasks: [{ansible.builtin.ping: }]}\n";
        Job away = play("j-1", inventory, ping).job();
        Report unreachable = run(away);
        assertThat(unreachable.outcome()).as(engine.log(away)).isEqualTo(Outcome.FAILED);
        assertThat(unreachable.exitCode()).isEqualTo(4);
        assertThat(unreachable.code()).isEqualTo("ansible.unreachable");
        assertThat(unreachable.detail()).isEqualTo("could not reach away");

        Job bad =
                play(
                                "j-2",
                                inventory,
                                """
                                - hosts: good:bad
                                  gather_facts: false
                                  tasks:
                                    - ansible.builtin.fail:
                                      when: inventory_hostname == 'bad'
                                """)
                        .job();
        Report failed = run(bad);
        assertThat(failed.exitCode()).isEqualTo(2);
        assertThat(failed.code()).isEqualTo("ansible.task-failed");
        assertThat(failed.detail()).isEqualTo("a task failed on bad");
    }

    @Test
    void failsWhereAPlaybookWorksOnNoMachine() {
        Job job =
                play("j-1", "{\"m\": []}", "- {hosts: m, tasks: [{ansible.builtin.ping: }]}\n")
                        .job();
        Report report = run(job);
        assertThat(report.outcome()).as(engine.log(job)).isEqualTo(Outcome.FAILED);
        assertThat(report.code()).isEqualTo("ansible.no-machines");
    }

    @Test
    void neverEvaluatesAnInput() {
        Path trace = folder.resolve("trace");
        Job job =
                play(
                                "j-1",
                                """
                                {"m": [{"name": "m-1", "ansible_connection": "local",
                                        "note": "{{ lookup('pipe', 'touch %s') }}"}]}
                                """
                                        .formatted(trace),
                                """
                                - hosts: m
                                  gather_facts: false
                                  tasks:
                                    - ansible.builtin.set_stats:
                                        data: {note: "{{ note }}", deep: "{{ deep }}"}
                                """)
                        .input(
                                "deep",
                                "{\"a\": [\"{{ lookup('pipe', 'touch %s') }}\"]}".formatted(trace))
                        .output("note", "string")
                        .output("deep", "object")
                        .job();
        Report report = run(job);
        assertThat(report.outcome()).as(engine.log(job)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(output(report, "note").asString()).startsWith("{{ lookup(");
        assertThat(output(report, "deep").at("/a/0").asString()).startsWith("{{ lookup(");
        assertThat(trace).doesNotExist();
    }

    @Test
    void keepsSecretsOffTheCommandLineAndOutOfTheLog() throws IOException {
        // Of no other process of this host.
        String password = "hunter-" + UUID.randomUUID();
        Job job =
                play(
                                "j-1",
                                LOCAL,
                                """
                                - hosts: m
                                  gather_facts: false
                                  tasks:
                                    - ansible.builtin.shell: tr '\\0' ' ' </proc/[0-9]*/cmdline || cat /proc/[0-9]*/cmdline | tr '\\0' ' '
                                      register: lines
                                    - ansible.builtin.debug: {msg: "the password is {{ password }}"}
                                    - ansible.builtin.set_stats:
                                        data: {seen: "{{ password in lines.stdout }}", playing: "{{ 'ansible-playbook' in lines.stdout }}"}
                                """)
                        .secret("password", password)
                        .output("seen", "boolean")
                        .output("playing", "boolean")
                        .job();
        Report report = run(job);
        assertThat(report.outcome()).as(engine.log(job)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(report.outputs())
                .containsEntry("seen", TestJobs.json("false"))
                .containsEntry("playing", TestJobs.json("true"));
        assertThat(engine.log(job)).contains("the password is ***").doesNotContain("hunter-");
    }

    @Test
    void endsAllOfAPlaybookThatIsCancelled() throws IOException {
        Path going = folder.resolve("going");
        Job job =
                play(
                                "j-1",
                                LOCAL,
                                """
                                - hosts: m
                                  gather_facts: false
                                  tasks:
                                    - ansible.builtin.shell: touch {{ going }}; sleep 1000
                                """)
                        .input("going", "\"" + going + "\"")
                        .secret("password", "hunter2hunter2")
                        .grace(10)
                        .job();
        engine.offer(job);
        engine.await("the playbook to be under way", () -> Files.exists(going));
        assertThat(agent.children()).isNotEmpty();

        engine.cancel(job, Duration.ofSeconds(10));

        assertThat(engine.awaitReport(job).outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(agent.hasNoChildren()).isTrue();
    }

    @Test
    void leavesNoInputInAFile() {
        Job job =
                play(
                                "j-1",
                                LOCAL,
                                """
                                - hosts: m
                                  gather_facts: false
                                  vars:
                                    folder: "{{ lookup('env', 'FORMWORK_ANSIBLE') }}"
                                  tasks:
                                    - ansible.builtin.stat: {path: "{{ folder }}/variables.yaml"}
                                      register: now
                                    - ansible.builtin.stat: {path: "{{ folder | dirname }}/check.scratch/variables.yaml"}
                                      register: before
                                      changed_when: ansible_check_mode
                                    - ansible.builtin.set_stats:
                                        data: {mode: "{{ now.stat.mode }}", before: "{{ before.stat.exists }}"}
                                """)
                        .mode(JobMode.CHECK_THEN_RUN)
                        .checksItself()
                        .secret("password", "hunter2hunter2")
                        .output("mode", "string")
                        .output("before", "boolean")
                        .job();
        Report report = run(job);
        assertThat(report.outcome()).as(engine.log(job)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(report.outputs())
                .containsEntry("mode", TestJobs.json("\"0600\""))
                .containsEntry("before", TestJobs.json("false"));
    }

    @Test
    void opensVaultsOfTheModule() throws Exception {
        Path vault = Files.writeString(folder.resolve("vault.yml"), "sealed: opened\n");
        Path password = Files.writeString(folder.resolve("vault-password"), "open sesame\n");
        Process seal =
                new ProcessBuilder(
                                "ansible-vault",
                                "encrypt",
                                "--vault-password-file",
                                password.toString(),
                                vault.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("seal.log").toFile())
                        .start();
        assertThat(seal.waitFor()).isZero();
        Job job =
                TestJobs.shell("j-1", "")
                        .ansible(
                                new AnsibleSpec(
                                        null,
                                        List.of("m"),
                                        null,
                                        null,
                                        "opens",
                                        List.of("told"),
                                        List.of("never"),
                                        true))
                        .file(
                                module(
                                        Map.of(
                                                "play.yml",
                                                """
                                                - hosts: m
                                                  gather_facts: false
                                                  vars_files: [vault.yml]
                                                  tasks:
                                                    - {ansible.builtin.fail: , tags: [other]}
                                                    - ansible.builtin.set_stats: {data: {sealed: "{{ sealed }}"}}
                                                      tags: [told]
                                                """,
                                                "vault.yml",
                                                Files.readString(vault))),
                                "play.yml")
                        .secret("opens", "open sesame")
                        .output("sealed", "string")
                        .job();
        Report report = run(job);
        assertThat(report.outcome()).as(engine.log(job)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(report.outputs()).containsEntry("sealed", TestJobs.json("\"opened\""));
    }

    @Test
    void saysThatThereIsNoAnsible() throws IOException {
        agent.close();
        agent =
                new AgentProcess(folder.resolve("other"), engine.url())
                        .with("PATH", "/usr/sbin")
                        .start();
        Report report = run(site("j-1").job());
        assertThat(report.code()).isEqualTo("agent.runner-missing");
        assertThat(report.detail()).contains("ansible-playbook", "ansible-core");
    }
}
