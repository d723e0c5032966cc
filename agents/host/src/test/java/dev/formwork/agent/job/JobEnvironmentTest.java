package dev.formwork.agent.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.agent.TestJobs;
import dev.formwork.agent.protocol.Job;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Map;

final class JobEnvironmentTest {
    @Test
    void givesInputsAsTheContractSays() {
        Map<String, String> environment =
                environment(
                        TestJobs.shell("j-1", "")
                                .input("client_port", "2379")
                                .input("text", "\"it's $HOME\"")
                                .input("list", "[1,\"a\"]")
                                .input("nothing", "null")
                                .job());

        assertThat(environment)
                .containsEntry("INPUT_CLIENT_PORT", "2379")
                .containsEntry("INPUT_TEXT", "it's $HOME")
                .containsEntry("INPUT_LIST", "[1,\"a\"]")
                .containsEntry("INPUT_NOTHING", "null");
    }

    @Test
    void passesOnTheAgentsEnvironmentButNotWhatIsTheAgents() {
        assertThat(environment(TestJobs.shell("j-1", "").job()))
                .containsEntry("PATH", "/bin")
                .containsEntry("FORMWORK_JOB", "j-1")
                .doesNotContainKeys(
                        "FORMWORK_BOOT_TOKEN_FILE",
                        "FORMWORK_ITEM",
                        "FORMWORK_CACHE",
                        "INPUT_OLD",
                        "JAVA_TOOL_OPTIONS");
    }

    @Test
    void callsTheMachineWhatTheJobCallsIt() {
        Job job = TestJobs.shell("j-1", "").job();
        assertThat(environment(job)).containsEntry("FORMWORK_MACHINE", "node-1");
        assertThat(environment(job.on("demo-members-0")))
                .containsEntry("FORMWORK_MACHINE", "demo-members-0");
        assertThat(environment(job.on("demo-members-0").nextPhase(1)))
                .containsEntry("FORMWORK_MACHINE", "demo-members-0");
    }

    @Test
    void leavesOutWhatTheKernelWouldRefuse() {
        assertThat(
                        environment(
                                TestJobs.shell("j-1", "")
                                        .input("large", "\"" + "x".repeat(200_000) + "\"")
                                        .input("nul", "\"a\\u0000b\"")
                                        .input("small", "1")
                                        .job()))
                .doesNotContainKeys("INPUT_LARGE", "INPUT_NUL")
                .containsKey("INPUT_SMALL");
    }

    private static Map<String, String> environment(Job job) {
        return JobEnvironment.of(
                Map.of(
                        "PATH", "/bin",
                        "FORMWORK_BOOT_TOKEN_FILE", "/token",
                        "INPUT_OLD", "x",
                        "JAVA_TOOL_OPTIONS", "-X"),
                job,
                JobFolder.of(Path.of("/jobs"), job),
                Path.of("/module"),
                new Machine("m-1", "node-1", null),
                Path.of("/state"),
                null);
    }
}
