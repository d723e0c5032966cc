package dev.formwork.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;

class MainTest {
    private final Sessions formwork = new Sessions(Path.of("/nonexistent"));

    @Test
    void printsTheVersionOfTheBuild() {
        assertThat(formwork.run("version")).isZero();
        assertThat(formwork.out().strip()).matches("\\d+\\.\\d+\\.\\d+.*");
    }

    @Test
    void printsDocumentsWhereverTheOptionStands() {
        assertThat(formwork.run("version", "-o", "json")).isZero();
        assertThat(formwork.out()).startsWith("{\n  \"version\": \"");
        assertThat(formwork.run("--output=YAML", "version")).isZero();
        assertThat(formwork.out()).startsWith("version: ");
    }

    @Test
    void refusesACommandItDoesNotKnow() {
        assertThat(formwork.run("plam")).isEqualTo(64);
        assertThat(formwork.err()).contains("cli.usage", "plam", "formwork plan");
    }

    @Test
    void refusesAFormatItDoesNotKnow() {
        assertThat(formwork.run("version", "--output", "xml")).isEqualTo(64);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo",
                "serve",
                "validate",
                "plan",
                "apply",
                "destroy",
                "run",
                "status",
                "runs",
                "machines",
                "machine",
                "params",
                "modules",
                "logs",
                "explain",
                "replay",
                "boot",
                "ca",
                "backup",
                "restore",
                "approve",
                "cancel",
                "retry",
                "resolve",
                "taint",
                "test",
                "version",
                "completion"
            })
    void everyCommandExplainsItself(String command) {
        assertThat(formwork.run(command, "--help")).isZero();
        assertThat(formwork.out()).contains("Usage: formwork " + command).doesNotContain("${");
        assertThat(formwork.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
    }

    @Test
    void saysHowToStartAnEngineWhereThereIsNone() {
        assertThat(formwork.run("status")).isEqualTo(1);
        assertThat(formwork.err()).contains("cli.no-engine", "formwork serve");
    }

    @Test
    void printsProblemsAsADocumentWhereOneIsWanted() {
        assertThat(formwork.run("status", "-o", "json")).isEqualTo(1);
        assertThat(formwork.out()).contains("\"code\": \"cli.no-engine\"");
        assertThat(formwork.err()).isEmpty();
    }

    @Test
    void sendsNoTokenInClearTextToAnotherHost() {
        assertThat(formwork.run("status", "--url", "http://192.0.2.1:7474")).isEqualTo(1);
        assertThat(formwork.err()).contains("cli.insecure-url");
    }

    @Test
    void asksForAFileOrAPlanToApply() {
        assertThat(formwork.run("apply")).isEqualTo(64);
        assertThat(formwork.run("apply", "a.yaml", "--plan", "sha256:0")).isEqualTo(64);
    }

    @Test
    void asksOnWhichMachinesToRunAModule() {
        assertThat(formwork.run("run", "etcd/health")).isEqualTo(64);
        assertThat(formwork.err()).contains("--on", "--where");
    }

    @Test
    void asksForOneAnswerToResolve() {
        assertThat(formwork.run("resolve", "r-1", "a@b")).isEqualTo(64);
        assertThat(formwork.run("resolve", "r-1", "a@b", "--happened", "--not-happened"))
                .isEqualTo(64);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh"})
    void completesCommandsAndOptions(String shell) {
        assertThat(formwork.run("completion", shell)).isZero();
        assertThat(formwork.out())
                .contains("complete", "formwork", "--detailed-exitcode", "destroy")
                .contains("table", "yaml");
    }

    @Test
    void knowsNoOtherShell() {
        assertThat(formwork.run("completion", "fish")).isEqualTo(64);
    }
}
