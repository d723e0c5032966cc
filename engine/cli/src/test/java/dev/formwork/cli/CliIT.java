package dev.formwork.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.provider.AgentLaunch;
import dev.formwork.server.EngineServer;
import dev.formwork.server.RunningServer;
import dev.formwork.server.ServeConfig;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The commands against a real engine in this process, with agents as processes of their own.
class CliIT {
    @TempDir private Path folder;

    @Test
    void plansAppliesLooksAndDestroys() throws IOException {
        write("pack.yaml", "{kind: Pack, name: mine, version: 1.0.0}");
        write(
                "hello/module.yaml",
                """
                kind: Task
                name: hello
                version: 1.0.0
                inputs: {who: {type: string}}
                run: echo "hello, $INPUT_WHO"; test "$INPUT_WHO" != nobody
                """);
        write(
                "greet/module.yaml",
                """
                kind: Workflow
                name: greet
                version: 1.0.0
                groups: [members]
                inputs: {who: {type: string}}
                steps: {hello: {on: members, uses: hello, with: {who: "${{ inputs.who }}"}}}
                """);
        Path app = Path.of("../..").toAbsolutePath().normalize();
        AgentLaunch agent =
                AgentLaunch.java(
                        Path.of(System.getProperty("java.home"), "bin", "java"),
                        app.resolve("agents/host/target/app/lib"));
        ServeConfig config =
                ServeConfig.of(folder.resolve("data"), List.of(), agent, "test")
                        .withPort(0)
                        .withConsole(false);
        Sessions formwork =
                new Sessions(folder.resolve("pack"))
                        .with("FORMWORK_HOME", folder.resolve("data").toString())
                        .realTime();
        try (RunningServer _ = EngineServer.start(config)) {
            cluster("world");
            expect(formwork, 2, "plan", "cluster.yaml", "--detailed-exitcode");
            assertThat(formwork.out()).contains("greeting-members-[0,1]", "2 machines");
            expect(formwork, 0, "apply", "cluster.yaml", "--yes");
            assertThat(formwork.out()).contains("succeeded");
            expect(formwork, 0, "plan", "cluster.yaml", "--detailed-exitcode");
            expect(formwork, 0, "logs", "latest", "hello");
            assertThat(formwork.out()).contains("hello, world");
            expect(formwork, 0, "status", "greeting");
            assertThat(formwork.out()).contains("greeting-members-1", "ready");
            expect(formwork, 0, "machine", "power", "off", "greeting-members-1");
            assertThat(formwork.out()).contains("greeting-members-1 is off");
            expect(formwork, 0, "machine", "power", "on", "greeting-members-1");
            assertThat(formwork.out()).contains("greeting-members-1 is on");
            expect(formwork, 1, "machine", "console", "greeting-members-1");
            assertThat(formwork.err()).contains("provider.unsupported");
            expect(formwork, 0, "taint", "greeting", "hello@greeting-members-1");
            expect(formwork, 2, "plan", "cluster.yaml", "--detailed-exitcode");
            assertThat(formwork.out()).contains("tainted", "1 step to run");
            cluster("nobody");
            expect(formwork, 3, "apply", "cluster.yaml", "--yes");
            assertThat(formwork.out()).contains("Failed: hello", "  | hello, nobody", "retry r-");
            expect(formwork, 0, "boot", "status");
            assertThat(formwork.out()).contains("No boot server sees anything wrong.");
            expect(formwork, 0, "destroy", "greeting", "--yes");
            expect(formwork, 0, "machines", "-o", "json");
            assertThat(formwork.out()).doesNotContain("greeting-members");
        }
        assertThat(formwork.run("status")).isEqualTo(1);
        assertThat(formwork.err()).contains("cli.no-engine");
    }

    private static void expect(Sessions formwork, int exitCode, String... arguments) {
        assertThat(formwork.run(arguments))
                .as("%s%n%s%n%s", List.of(arguments), formwork.out(), formwork.err())
                .isEqualTo(exitCode);
    }

    private void cluster(String who) throws IOException {
        write(
                "cluster.yaml",
                """
                kind: Cluster
                name: greeting
                workflow: greet
                groups: {members: {count: 2, provider: local}}
                with: {who: %s}
                """
                        .formatted(who));
    }

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve("pack").resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
