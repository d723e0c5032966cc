package dev.formwork.model.yaml;

import static dev.formwork.model.yaml.Samples.problems;
import static dev.formwork.model.yaml.Samples.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.module.FileTree;
import dev.formwork.model.module.ModuleTest;
import dev.formwork.model.module.ModuleTest.Match;
import dev.formwork.model.module.Pack;
import dev.formwork.model.value.Value;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

class PackLoaderTest {
    private static final Map<String, String> FILES =
            Map.of(
                    "pack.yaml",
                    Samples.PACK,
                    "README.md",
                    "words",
                    "etcd/member/module.yaml",
                    Samples.TASK,
                    "etcd/member/scripts/start.sh",
                    "exec etcd",
                    "etcd/member/scripts/check.sh",
                    "exit 0",
                    "etcd/member/tests/first.yaml",
                    Samples.TEST,
                    "etcd/member/tests/fixture/module.yaml",
                    "kind: Nothing",
                    "etcd/module.yaml",
                    Samples.WORKFLOW,
                    "etcd/notes.txt",
                    "words",
                    "profiles/small.yaml",
                    Samples.PROFILE);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    private static Map<String, String> with(String path, String text) {
        Map<String, String> files = new HashMap<>(FILES);
        files.put(path, text);
        return files;
    }

    private static List<String> problemsOf(Map<String, String> files) {
        return problems(() -> PackLoader.load(tree(files)));
    }

    private static void write(Path directory, Map<String, String> files) {
        files.forEach((path, text) -> {
            try {
                Path file = directory.resolve(path);
                Files.createDirectories(file.getParent());
                Files.writeString(file, text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void findsEveryModuleAndProfile() {
        Pack pack = PackLoader.load(tree(FILES));
        assertThat(pack.name()).isEqualTo("standard");
        assertThat(pack.version()).isEqualTo("0.1.0-rc.1+build.5");
        assertThat(pack.catalog().modules()).containsOnlyKeys("etcd-cluster", "etcd/member");
        assertThat(pack.catalog().profiles()).containsOnlyKeys("small");
    }

    @Test
    void givesEachModuleItsOwnFiles() {
        Pack pack = PackLoader.load(tree(FILES));
        assertThat(pack.catalog().require("etcd-cluster").files().files())
                .containsOnlyKeys("module.yaml", "notes.txt");
        assertThat(pack.catalog().require("etcd/member").files().files())
                .containsOnlyKeys(
                        "module.yaml",
                        "scripts/start.sh",
                        "scripts/check.sh",
                        "tests/first.yaml",
                        "tests/fixture/module.yaml");
    }

    @Test
    void loadsTheSameFromADirectory() {
        write(directory, FILES);
        write(directory, Map.of(".git/config", "x", "etcd/.DS_Store", "x"));
        FileTree files = PackLoader.read(directory);
        assertThat(files.digest()).isEqualTo(tree(FILES).digest());
        assertThat(PackLoader.load(directory).catalog().modules()).hasSize(2);
    }

    @Test
    void keepsWhichProvidersAConfigurationTakes() {
        write(directory, FILES);
        write(
                directory,
                Map.of("etcd/infra/.terraform.lock.hcl", "x", "etcd/infra/.terraform/x", "x"));
        assertThat(PackLoader.read(directory).files())
                .containsKey("etcd/infra/.terraform.lock.hcl")
                .doesNotContainKey("etcd/infra/.terraform/x");
    }

    @Test
    void reportsTheProblemsOfAllFilesTogether() {
        Map<String, String> files = new HashMap<>(FILES);
        files.put("pack.yaml", "kind: Pack\nname: P\n");
        files.put("etcd/module.yaml", "kind: Workflow\nname: w\nversion: 1.0.0\n");
        files.put("profiles/small.yaml", "kind: Profile\nname: p\n");
        files.put("profiles/other.yaml", "kind: [");
        assertThat(problemsOf(files))
                .hasSize(5)
                .anyMatch(line -> line.startsWith("pack.yaml:1:1: yaml.missing-key: "))
                .anyMatch(line -> line.startsWith("pack.yaml:2:7: yaml.bad-name: "))
                .anyMatch(line -> line.startsWith("etcd/module.yaml:1:1: yaml.missing-key: "))
                .anyMatch(line -> line.startsWith("profiles/small.yaml:1:1: yaml.missing-key: "))
                .anyMatch(line -> line.startsWith("profiles/other.yaml:1:8: yaml.syntax: "));
    }

    @Test
    void refusesTwoModulesOrProfilesOfOneName() {
        assertThat(problemsOf(with("other/module.yaml", Samples.WORKFLOW)))
                .containsExactly(
                        "other/module.yaml:1:1: pack.duplicate-module: a second module etcd-cluster"
                                + " (the first is in etcd)");
        assertThat(problemsOf(with("profiles/z.yaml", Samples.PROFILE)))
                .containsExactly(
                        "profiles/z.yaml:1:1: pack.duplicate-profile: a second profile small (the"
                                + " first is at profiles/small.yaml:1:1)");
    }

    @Test
    void refusesWhatWouldBeOverlooked() {
        assertThat(problemsOf(with("x/module.yml", "")))
                .containsExactly(
                        "x/module.yml:1:1: pack.bad-file-name: x/module.yml would be ignored (name"
                                + " it .yaml)");
        assertThat(problemsOf(with("profiles/x.yml", "")))
                .singleElement()
                .asString()
                .contains("pack.bad-file-name");
        assertThat(problemsOf(with("module.yaml", Samples.INTERFACE)))
                .singleElement()
                .asString()
                .contains("pack.module-at-root");
        assertThat(problemsOf(Map.of())).singleElement().asString().contains("pack.no-pack-yaml");
    }

    @Test
    void refusesPathsThatLeaveThePack() {
        assertThat(problemsOf(with("../x", "")))
                .singleElement()
                .asString()
                .contains("pack.bad-path");
        assertThat(problemsOf(with("/etc/passwd", "")))
                .singleElement()
                .asString()
                .contains("pack.bad-path");
    }

    @Test
    void refusesSymbolicLinks() throws IOException {
        write(directory, FILES);
        Files.createSymbolicLink(directory.resolve("etcd/words"), directory.resolve("README.md"));
        Files.createSymbolicLink(directory.resolve("loop"), directory);
        assertThat(problems(() -> PackLoader.load(directory)))
                .hasSize(2)
                .allMatch(line -> line.contains("pack.symlink"));
    }

    @Test
    void refusesOversizedFiles() throws IOException {
        write(directory, FILES);
        byte[] large = new byte[8 * 1024 * 1024 + 1];
        Files.write(directory.resolve("etcd/large"), large);
        assertThat(problems(() -> PackLoader.load(directory)))
                .singleElement()
                .asString()
                .startsWith("etcd/large:1:1: pack.file-too-large: ");
        Map<String, byte[]> files = new HashMap<>(tree(FILES).files());
        files.put("etcd/large", large);
        assertThat(problems(() -> PackLoader.load(new FileTree(files))))
                .singleElement()
                .asString()
                .contains("pack.file-too-large");
    }

    @Test
    void saysSoWhereThereIsNoDirectory() {
        assertThat(problems(() -> PackLoader.load(directory.resolve("none"))))
                .singleElement()
                .asString()
                .contains("pack.unreadable");
    }

    @Test
    void loadsTheTestsOfAModule() {
        Pack pack = PackLoader.load(tree(FILES));
        assertThat(ModuleTestLoader.loadAll(pack.catalog().require("etcd/member")))
                .singleElement()
                .satisfies(test -> {
                    assertThat(test.file()).isEqualTo("tests/first.yaml");
                    assertThat(test.machines())
                            .containsEntry("members", new ModuleTest.Machines(5, 3));
                    assertThat(test.expect().nodes().orElseThrow()).hasSize(3);
                    assertThat(test.expect().order())
                            .containsExactly(List.of("ca@engine", "undo:member@test-members-1"));
                    assertThat(test.expect().outputs().values())
                            .containsExactly(
                                    new Match.Equal(Value.of("9.9.9")),
                                    new Match.Matching("^/"),
                                    new Match.Equal(
                                            Value.of(List.of(Value.of("a"), Value.of("b")))));
                    assertThat(test.expect().log())
                            .contains(new Match.Containing("etcd has ended"));
                    assertThat(test.expect().outcome()).contains(ModuleTest.Outcome.SUCCEEDED);
                });
        assertThat(
                        problems(() ->
                                ModuleTestLoader.load(
                                        "tests/x.yaml",
                                        """
                                        name: x
                                        expect:
                                          nodes: ['Member!']
                                          order: [[a], b]
                                          effects: {rebot: 1}
                                          outcome: good
                                          outputs: {a: {matches: '('}}
                                          log: {}
                                        """)))
                .hasSize(7);
    }

    @Test
    void digestIsOfTheBytes() {
        FileTree tree = tree(FILES);
        Map<String, byte[]> files = new HashMap<>(tree.files());
        files.put("etcd/notes.txt", "other".getBytes(StandardCharsets.UTF_8));
        assertThat(new FileTree(files).digest()).isNotEqualTo(tree.digest());
    }
}
