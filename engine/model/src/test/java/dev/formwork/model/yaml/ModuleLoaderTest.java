package dev.formwork.model.yaml;

import static dev.formwork.model.yaml.Samples.module;
import static dev.formwork.model.yaml.Samples.moduleProblems;
import static dev.formwork.model.yaml.Samples.problems;
import static dev.formwork.model.yaml.Samples.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.Location;
import dev.formwork.model.module.Ansible;
import dev.formwork.model.module.Container;
import dev.formwork.model.module.Effect;
import dev.formwork.model.module.FileTree;
import dev.formwork.model.module.InputSpec;
import dev.formwork.model.module.Interface;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.OutputSpec;
import dev.formwork.model.module.Repeat;
import dev.formwork.model.module.Script;
import dev.formwork.model.module.Task;
import dev.formwork.model.module.Terraform;
import dev.formwork.model.value.Value;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class ModuleLoaderTest {
    private static final String SMALL =
            """
            kind: Task
            name: a/b
            version: 1.0.0
            run: echo hello
            """;

    @Test
    void loadsATask() {
        Task task = (Task) module(Samples.TASK).module();
        assertThat(task.name()).isEqualTo("etcd/member");
        assertThat(task.header().version()).isEqualTo("1.0.0");
        assertThat(task.header().provides()).containsExactly("kv-member");
        assertThat(task.header().location()).isEqualTo(new Location("module.yaml", 1, 1));
        assertThat(task.effects())
                .containsExactlyInAnyOrder(Effect.SERVICE_RESTART, Effect.NETWORK_CUT);
        assertThat(task.repeat()).isEqualTo(Repeat.VERIFY_FIRST);
        assertThat(task.runner()).isEqualTo("shell");
        assertThat(task.run()).isEqualTo(new Script.FromFile("scripts/start.sh"));
        assertThat(task.check()).contains(new Script.FromFile("scripts/check.sh"));
        assertThat(task.undo()).contains(new Script.Inline("rm -rf state"));
        assertThat(task.timeout()).isEqualTo(Duration.ofMinutes(90));
    }

    @Test
    void takesItsOwnKeywordsOutOfTheSchemas() {
        Task task = (Task) module(Samples.TASK).module();
        assertThat(task.inputs().keySet())
                .containsExactly("client_port", "initial_cluster", "key", "names");
        assertThat(task.inputs().get("client_port"))
                .isEqualTo(
                        new InputSpec(
                                "client_port",
                                Value.of(
                                        Map.of(
                                                "type", Value.of("integer"),
                                                "minimum", Value.of(1),
                                                "maximum", Value.of(65535))),
                                Optional.of(Value.of(2379)),
                                false,
                                false,
                                new Location("module.yaml", 7, 3)));
        assertThat(task.inputs().values())
                .extracting(InputSpec::ignoreOnChange)
                .containsExactly(false, true, false, false);
        assertThat(task.inputs().values())
                .extracting(InputSpec::secret)
                .containsExactly(false, false, true, false);
        assertThat(task.outputs().get("token"))
                .isEqualTo(
                        new OutputSpec(
                                "token",
                                Value.of(Map.of("type", Value.of("string"))),
                                true,
                                new Location("module.yaml", 16, 3)));
    }

    @Test
    void standsInForWhatIsNotSaid() {
        Task task = (Task) module(SMALL).module();
        assertThat(task.header().summary()).isEmpty();
        assertThat(task.inputs()).isEmpty();
        assertThat(task.effects()).isEmpty();
        assertThat(task.repeat()).isEqualTo(Repeat.IDEMPOTENT);
        assertThat(task.runner()).isEqualTo("shell");
        assertThat(task.run()).isEqualTo(new Script.Inline("echo hello"));
        assertThat(task.timeout()).isEqualTo(Task.DEFAULT_TIMEOUT);
    }

    private static final String CONTAINER =
            """
            kind: Task
            name: a/b
            version: 1.0.0
            runner: container
            container:
              image: docker.io/library/alpine:3.20@sha256:%s
              command: [ash, -e]
              network: none
              mounts: [{path: /etc, at: /host/etc, read_only: true}, {path: /dev}]
            run: echo hello
            """
                    .formatted("0a".repeat(32));

    @Test
    void loadsATaskThatRunsInAContainer() {
        Task task = (Task) module(CONTAINER).module();
        assertThat(task.runner()).isEqualTo("container");
        assertThat(task.container())
                .contains(
                        new Container(
                                Optional.of(
                                        "docker.io/library/alpine:3.20@sha256:" + "0a".repeat(32)),
                                Optional.empty(),
                                false,
                                List.of("ash", "-e"),
                                Container.Network.NONE,
                                List.of(
                                        new Container.Mount("/etc", "/host/etc", true),
                                        new Container.Mount("/dev", "/dev", false))));
        assertThat(module(CONTAINER.replace("-e]", "-x]")).codeDigest())
                .isNotEqualTo(module(CONTAINER).codeDigest());
    }

    @Test
    void wantsTheImageOfATaskToBePinned() {
        String tag = CONTAINER.replaceFirst("@sha256:0a+[0-9a]*", "");
        assertThat(moduleProblems(tag))
                .singleElement()
                .asString()
                .contains("module.yaml:6:10: module.image-not-pinned");
        assertThat(moduleProblems(tag.replace("network: none", "allow_tags: true"))).isEmpty();
    }

    @Test
    void saysThatAContainerIsMissingOrIsUsedByNothing() {
        assertThat(moduleProblems(SMALL + "runner: container\n"))
                .singleElement()
                .asString()
                .contains("module.yaml:5:9: module.container-missing");
        assertThat(moduleProblems(CONTAINER.replace("runner: container", "runner: python")))
                .singleElement()
                .asString()
                .contains("module.container-unused");
    }

    private static final String PLAYBOOK =
            """
            kind: Task
            name: a/b
            version: 1.0.0
            inputs: {hosts: {type: object}, key: {type: string, secret: true}}
            runner: ansible
            ansible: {inventory: hosts, private_key: key, tags: [web]}
            run: site.yml
            check: true
            """;

    private static LoadedModule playbook(String yaml) {
        return ModuleLoader.load(tree(Map.of("module.yaml", yaml, "site.yml", "[]")));
    }

    @Test
    void loadsATaskThatIsAPlaybook() {
        Task task = (Task) playbook(PLAYBOOK).module();
        assertThat(task.run()).isEqualTo(new Script.FromFile("site.yml"));
        assertThat(task.check()).contains(task.run());
        assertThat(task.ansible())
                .contains(
                        new Ansible(
                                Optional.of("hosts"),
                                List.of(),
                                Optional.of("key"),
                                Optional.empty(),
                                Optional.empty(),
                                List.of("web"),
                                List.of(),
                                true));
        assertThat(playbook(PLAYBOOK.replace("[web]", "[db]")).codeDigest())
                .isNotEqualTo(playbook(PLAYBOOK).codeDigest());
        LoadedModule silent = playbook(PLAYBOOK.replace("[web]", "[web], diff: false"));
        assertThat(((Task) silent.module()).ansible().map(Ansible::diff)).contains(false);
        assertThat(silent.codeDigest())
                .as("what a log shows reruns nothing")
                .isEqualTo(playbook(PLAYBOOK).codeDigest());
        Task usual =
                (Task)
                        playbook(
                                        PLAYBOOK.replaceAll("ansible: \\{.*\n", "")
                                                .replace("check: true\n", ""))
                                .module();
        assertThat(usual.ansible()).contains(Ansible.USUAL);
        assertThat(usual.check()).isEmpty();
    }

    @Test
    void saysWhatATaskThatIsAPlaybookLacks() {
        assertThat(
                        problems(() ->
                                playbook(PLAYBOOK.replace("inventory: hosts", "inventory: host"))))
                .containsExactly(
                        "module.yaml:6:22: module.unknown-input: the task has no input host (did"
                                + " you mean hosts?)");
        assertThat(problems(() -> playbook(PLAYBOOK.replace("site.yml", "sit.yml"))))
                .singleElement()
                .asString()
                .contains("module.no-such-file", "did you mean site.yml?");
        assertThat(problems(() -> playbook(PLAYBOOK.replace("runner: ansible", "runner: python"))))
                .anyMatch(problem -> problem.contains("6:10: module.ansible-unused"))
                .anyMatch(problem -> problem.contains("8:8: module.check-needs-script"));
    }

    @Test
    void loadsATaskThatIsAManifest() {
        Task task =
                (Task)
                        playbook(
                                        PLAYBOOK.replaceAll("ansible: \\{.*\\n", "")
                                                .replace("runner: ansible", "runner: puppet"))
                                .module();
        assertThat(task.run()).isEqualTo(new Script.FromFile("site.yml"));
        assertThat(task.check()).contains(task.run());
        assertThat(task.ansible()).isEmpty();
    }

    private static final String CONFIGURATION =
            """
            kind: Task
            name: a/b
            version: 1.0.0
            inputs: {region: {type: string}, where: {type: string}}
            runner: terraform
            terraform: {binary: tofu, state: web/dns, workspace: where, targets: ['module.web["a"]']}
            run: infra/
            check: true
            undo: true
            """;

    private static LoadedModule configuration(String yaml) {
        return ModuleLoader.load(
                tree(
                        Map.of(
                                "module.yaml",
                                yaml,
                                "infra/main.tf",
                                "",
                                "infra/templates/motd",
                                "",
                                "deep/er/x.tofu.json",
                                "{}")));
    }

    @Test
    void loadsATaskThatIsAConfiguration() {
        Task task = (Task) configuration(CONFIGURATION).module();
        assertThat(task.run()).isEqualTo(new Script.FromFile("infra"));
        assertThat(task.check()).contains(task.run());
        assertThat(task.undo()).contains(task.run());
        assertThat(task.terraform())
                .contains(
                        new Terraform(
                                "tofu",
                                false,
                                Optional.of("web/dns"),
                                Optional.of("where"),
                                List.of("module.web[\"a\"]")));
        assertThat(configuration(CONFIGURATION.replace("web/dns", "web")).codeDigest())
                .isNotEqualTo(configuration(CONFIGURATION).codeDigest());
        Task usual =
                (Task)
                        configuration(
                                        CONFIGURATION
                                                .replaceAll("terraform: \\{.*\n", "")
                                                .replace("infra/", "deep/er")
                                                .replace("check: true\nundo: true\n", ""))
                                .module();
        assertThat(usual.terraform()).contains(Terraform.USUAL);
        assertThat(usual.run()).isEqualTo(new Script.FromFile("deep/er"));
        assertThat(usual.check()).isEmpty();
        assertThat(usual.undo()).isEmpty();
    }

    @Test
    void saysWhatATaskThatIsAConfigurationLacks() {
        assertThat(problems(() -> configuration(CONFIGURATION.replace("infra/", "infre/"))))
                .containsExactly(
                        "module.yaml:7:6: module.no-such-file: the module's folder has no"
                                + " configuration in infre/ (did you mean infra?)");
        assertThat(problems(() -> configuration(CONFIGURATION.replace("infra/", "../infra"))))
                .singleElement()
                .asString()
                .contains("7:6: module.bad-path");
        assertThat(
                        problems(() ->
                                configuration(CONFIGURATION.replace("infra/", "infra/templates"))))
                .singleElement()
                .asString()
                .contains("module.no-such-file");
        assertThat(
                        problems(() ->
                                configuration(
                                        CONFIGURATION.replace(
                                                "workspace: where", "workspace: wher"))))
                .singleElement()
                .asString()
                .contains("module.unknown-input", "did you mean where?");
        assertThat(
                        problems(() ->
                                configuration(
                                        CONFIGURATION.replace(
                                                "runner: terraform", "runner: puppet"))))
                .anyMatch(problem -> problem.contains("6:12: module.terraform-unused"));
    }

    private static final String CALL =
            """
            kind: Task
            name: dns/record
            version: 1.0.0
            inputs: {api: {type: string}, name: {type: string}, token: {type: string, secret: true}}
            outputs: {id: {type: string}}
            runner: http
            repeat: verify-first
            run:
              method: POST
              url: ${{ inputs.api }}/records/${{ inputs.name }}
              headers: {authorization: "Bearer ${{ inputs.token }}"}
              json: {name: "${{ inputs.name }}", ttl: 60}
              expect: 201
              outputs: {id: /data/id}
            check: {url: "${{ inputs.api }}", match: {/ttl: 60}}
            """;

    @Test
    void loadsATaskThatIsACall() {
        Task task = (Task) module(CALL).module();
        assertThat(task.run())
                .isEqualTo(
                        new Script.Inline(
                                """
                                {"method":"POST","url":{"text":[{"input":"api"},"/records/",{"input":"name"}]},\
                                "headers":{"authorization":{"text":["Bearer ",{"input":"token"}]}},\
                                "json":{"fields":{"name":{"input":"name"},"ttl":{"value":60}}},\
                                "expect":[201],"outputs":{"id":{"pointer":"/data/id"}},"timeoutMillis":30000}\
                                """));
        assertThat(task.check())
                .contains(
                        new Script.Inline(
                                """
                                {"method":"GET","url":{"input":"api"},"match":{"/ttl":{"value":60}},"timeoutMillis":30000}\
                                """));
    }

    @Test
    void saysWhatACallLacks() {
        assertThat(moduleProblems(CALL.replace("repeat: verify-first\n", "")))
                .singleElement()
                .asString()
                .contains("module.yaml:8:11: module.repeat-missing");
        assertThat(moduleProblems(CALL.replace("{id: /data/id}", "{ids: /data/id}")))
                .singleElement()
                .asString()
                .contains("module.unknown-output", "did you mean id?");
        assertThat(
                        moduleProblems(
                                CALL.replace("records/${{ inputs.name", "records/${{ inputs.nam")))
                .singleElement()
                .asString()
                .contains("module.unknown-input", "did you mean name?");
        assertThat(
                        moduleProblems(
                                CALL.replace(
                                        "Bearer ${{ inputs.token", "${{ 'Bearer ' + inputs.token")))
                .singleElement()
                .asString()
                .contains("module.only-inputs");
    }

    @Test
    void loadsAnInterface() {
        Interface contract = (Interface) module(Samples.INTERFACE).module();
        assertThat(contract.name()).isEqualTo("container-runtime");
        assertThat(contract.outputs()).containsOnlyKeys("socket", "version");
    }

    @Test
    void reportsAllProblemsInTheOrderOfTheFile() {
        String yaml =
                """
                kind: Task
                naem: a/b
                version: 1.0
                effects: [rebot, erase, erase]
                repeat: idempotnt
                run: scripts/strat.sh
                timeout: soon
                """;
        assertThat(moduleProblems(yaml))
                .containsExactly(
                        "module.yaml:1:1: yaml.missing-key: the key name is missing",
                        "module.yaml:2:1: yaml.unknown-key: unknown key naem (did you mean name?)",
                        "module.yaml:3:10: yaml.wrong-type: here stands a number, but it has to be"
                                + " a text (quote it: '1.0')",
                        "module.yaml:4:11: yaml.bad-value: 'rebot' is not known here (did you mean"
                                + " reboot?)",
                        "module.yaml:4:25: yaml.bad-value: stands in this list twice",
                        "module.yaml:5:9: yaml.bad-value: 'idempotnt' is not known here (did you"
                                + " mean idempotent?)",
                        "module.yaml:6:6: module.no-such-file: the module's folder has no file"
                                + " scripts/strat.sh (did you mean scripts/start.sh?)",
                        "module.yaml:7:10: yaml.bad-value: 'soon' is no duration (such as 500ms,"
                                + " 5s, 2m or 1h30m, up to 10000h)");
    }

    @Test
    void namesTheFolderInItsProblems() {
        assertThat(problems(() -> ModuleLoader.load(Samples.folder("kind: Tsk"), "etcd/member")))
                .containsExactly(
                        "etcd/member/module.yaml:1:7: yaml.unknown-kind: 'Tsk' is no kind (did you"
                                + " mean Task?)");
        assertThat(moduleProblems("kind: Cluster"))
                .containsExactly(
                        "module.yaml:1:7: yaml.unknown-kind: a Cluster does not belong into this"
                                + " file (expected Task or Workflow or Interface or BootEnvironment)");
        assertThat(problems(() -> ModuleLoader.load(tree(Map.of()))))
                .containsExactly(
                        "module.yaml:1:1: module.no-module-yaml: the folder has no module.yaml");
        assertThat(moduleProblems(SMALL + "---\n" + SMALL))
                .singleElement()
                .asString()
                .startsWith("module.yaml:6:1: yaml.documents: ");
    }

    @Test
    void wantsACheckThatVerifyFirstCanAsk() {
        assertThat(moduleProblems(SMALL + "repeat: verify-first\n"))
                .singleElement()
                .asString()
                .startsWith("module.yaml:5:9: module.check-missing: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "scripts/../../etc/passwd",
                "scripts//a",
                "scripts/./a",
                "scripts/",
                "scripts/a\\b",
            })
    void refusesAPathThatLeavesTheFolder(String path) {
        assertThat(moduleProblems(SMALL + "check: " + path + "\n"))
                .singleElement()
                .asString()
                .startsWith("module.yaml:5:8: module.bad-path: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../a", "/a", "a/../../b", "C:/a", "a\nb", "a\u0000", ""})
    void refusesAFolderWithSuchFiles(String path) {
        FileTree folder = tree(Map.of("module.yaml", SMALL, path, ""));
        assertThat(problems(() -> ModuleLoader.load(folder)))
                .singleElement()
                .asString()
                .contains("module.bad-path");
    }

    @Test
    void tellsFilesFromInlineScripts() {
        Map<String, String> files =
                Map.of(
                        "start.sh",
                        "",
                        "module.yaml",
                        SMALL.replace("echo hello", "{file: start.sh}"));
        assertThat(((Task) ModuleLoader.load(tree(files)).module()).run())
                .isEqualTo(new Script.FromFile("start.sh"));
        assertThat(
                        problems(() ->
                                ModuleLoader.load(
                                        tree(
                                                Map.of(
                                                        "start.sh",
                                                        "",
                                                        "module.yaml",
                                                        SMALL.replace("echo hello", "start.sh"))))))
                .singleElement()
                .asString()
                .startsWith("module.yaml:4:6: module.ambiguous-script: ");
        String block = SMALL.replace("echo hello", "|\n  scripts/a\n  scripts/b");
        assertThat(((Task) module(block).module()).run())
                .isEqualTo(new Script.Inline("scripts/a\nscripts/b\n"));
    }

    @Test
    void checksTheFormOfSchemas() {
        String yaml =
                SMALL
                        + """
                        inputs:
                          a: {type: strin}
                          b: {type: string, default: 5}
                          c: string
                          d: {minimun: 1}
                          e: {enum: [x, y], default: z}
                          f: {type: object, properties: {g: {secret: true}}}
                          h: {pattern: '('}
                          i: {default: "${{ inputs.a }}"}
                          j: {type: [string, null]}
                          k: {$ref: 'http://169.254.169.254/'}
                          l: {type: integer, default: 1.5}
                          M: {}
                        """;
        assertThat(moduleProblems(yaml))
                .containsExactly(
                        "module.yaml:6:13: yaml.bad-value: 'strin' is not known here (did you mean"
                                + " string?)",
                        "module.yaml:7:30: yaml.wrong-type: here stands a number, but it has to be"
                                + " of type string (quote it)",
                        "module.yaml:8:6: yaml.wrong-type: here stands a text, but it has to be a"
                                + " mapping (write {type: string})",
                        "module.yaml:9:7: yaml.unknown-key: unknown key minimun (did you mean"
                                + " minimum?)",
                        "module.yaml:10:30: yaml.bad-value: the default is not among the values of"
                                + " enum",
                        "module.yaml:11:38: yaml.unknown-key: unknown key secret (docs/modules.md"
                                + " lists what there is)",
                        "module.yaml:12:16: yaml.bad-value: '(' is no regular expression: Unclosed"
                                + " group",
                        "module.yaml:13:21: expression.not-here: an expression cannot stand in a"
                                + " default ($${{ writes a literal ${{)",
                        "module.yaml:14:22: yaml.wrong-type: here stands nothing, but it has to be"
                                + " the name of a type (quote it: 'null')",
                        "module.yaml:15:7: yaml.unknown-key: unknown key $ref (docs/modules.md"
                                + " lists what there is)",
                        "module.yaml:16:31: yaml.wrong-type: here stands a number, but it has to be"
                                + " of type integer",
                        "module.yaml:17:3: yaml.bad-name: 'M' is no name of a step, group, input or"
                                + " output (small letters, digits and _, a letter first, at most"
                                + " 63)");
    }

    @Test
    void digestsWhatIsExecutedAndNothingElse() {
        Map<String, String> files = new HashMap<>();
        files.put("module.yaml", Samples.TASK);
        files.put("scripts/start.sh", "exec etcd");
        files.put("scripts/check.sh", "exit 0");
        String digest = digest(files);

        assertThat(digest(with(files, "README.md", "words"))).isEqualTo(digest);
        assertThat(digest(with(files, "tests/a.yaml", "words"))).isEqualTo(digest);
        assertThat(digest(with(files, "module.yaml", Samples.TASK.replace("Starts", "Begins"))))
                .isEqualTo(digest);

        assertThat(
                        List.of(
                                digest,
                                digest(with(files, "scripts/start.sh", "exec etcd --debug")),
                                digest(with(files, "templates/etcd.conf.tmpl", "")),
                                digest(with(files, "module.yaml", changed("shell", "python"))),
                                digest(with(files, "module.yaml", changed("-rf state", "-r x"))),
                                digest(
                                        with(
                                                files,
                                                "module.yaml",
                                                changed("scripts/start", "scripts/check"))),
                                digest(with(files, "module.yaml", changed("undo:", "#")))))
                .doesNotHaveDuplicates();
    }

    @Test
    void locksTheWholeFolder() {
        LoadedModule module = module(Samples.TASK);
        assertThat(module.lock().digest()).isEqualTo(module.files().digest());
        assertThat(module.files().file("scripts/start.sh"))
                .hasValueSatisfying(bytes ->
                        assertThat(new String(bytes, StandardCharsets.UTF_8))
                                .isEqualTo("exec etcd"));
    }

    private static String changed(String from, String to) {
        return Samples.TASK.replace(from, to);
    }

    private static String digest(Map<String, String> files) {
        return ModuleLoader.load(tree(files)).codeDigest();
    }

    private static Map<String, String> with(Map<String, String> files, String path, String text) {
        Map<String, String> more = new HashMap<>(files);
        more.put(path, text);
        return more;
    }
}
