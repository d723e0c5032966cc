package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The README's module of one's own, and what it says to do with it, word by word.
class ReadmeIT {
    private static final String MACHINE = "quickstart-members-0";

    @TempDir private Path folder;

    @Test
    void aModuleOfOnesOwnIsValidatedUsedAndRunAsWritten() throws IOException {
        String readme = Files.readString(Checkout.root().resolve("README.md"));
        String module = one(readme, "```yaml\\n(# motd/module\\.yaml\\n.*?)```");
        String step = one(readme, "`(\\{on: members,\\s+uses: motd,\\s+with: \\{text: hi}})`");
        String run = one(readme, "`\\./formwork (run motd [^`]*)`");
        assertThat(one(readme, "`\\./formwork (validate DIR)`")).isEqualTo("validate DIR");
        write("pack.yaml", "{kind: Pack, name: mine, version: 1.0.0}");
        write("motd/module.yaml", module);
        write(
                "greeting/module.yaml",
                """
                kind: Workflow
                name: greeting
                version: 1.0.0
                groups: [members]
                steps:
                  motd: %s
                outputs: {paths: "${{ steps.motd.all.outputs.path }}"}
                """
                        .formatted(step.replaceAll("\\s+", " ")));
        write(
                "cluster.yaml",
                """
                kind: Cluster
                name: quickstart
                workflow: greeting
                groups: {members: {count: 1, provider: local}}
                """);
        write(
                "motd/tests/greets.yaml",
                """
                name: greets
                machines: {members: {count: 1}}
                with: {text: hi}
                expect: {outcome: succeeded, outputs: {path: {matches: '/motd$'}}}
                """);
        try (EngineProcess engine = new EngineProcess(folder.resolve("data"))) {
            assertThat(formwork(0, engine, "validate", pack().toString()))
                    .contains("motd", "greeting");
            formwork(0, engine, "test", "motd");
            engine.start(EngineOptions.USUAL);
            formwork(0, engine, "apply", "cluster.yaml", "--yes");
            Path motd = state(engine);
            assertThat(motd).hasContent("hi");
            assertThat(formwork(0, engine, "plan", "cluster.yaml", "--detailed-exitcode"))
                    .contains("unchanged");

            Files.writeString(motd, "scribbled over\n");
            assertThat(formwork(2, engine, "plan", "cluster.yaml", "--detailed-exitcode"))
                    .contains("will run");
            assertThat(formwork(0, engine, (run + " --yes").split(" ", -1))).contains("succeeded");
            assertThat(motd).hasContent("hi");

            formwork(0, engine, "destroy", "quickstart", "--yes");
            assertThat(motd).doesNotExist();
        }
        write("motd/module.yaml", module.replace("summary:", "sumary:"));
        assertThat(CliProcess.run(1, folder.resolve("none"), pack(), "validate", pack().toString()))
                .contains("motd/module.yaml:", "yaml.unknown-key", "did you mean summary?");
    }

    private String formwork(int exitCode, EngineProcess engine, String... arguments) {
        return CliProcess.run(exitCode, engine.data(), pack(), arguments);
    }

    private static Path state(EngineProcess engine) {
        return engine.machinesDirectory()
                .resolve(engine.api().machine(MACHINE).id())
                .resolve("agent/state/motd");
    }

    private Path pack() {
        return folder.resolve("pack");
    }

    private static String one(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(text);
        List<String> found = matcher.results().map((MatchResult each) -> each.group(1)).toList();
        assertThat(found).as(pattern).hasSize(1);
        return found.getFirst();
    }

    private void write(String file, String text) throws IOException {
        Path path = pack().resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
