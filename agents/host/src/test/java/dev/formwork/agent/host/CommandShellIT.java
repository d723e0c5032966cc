package dev.formwork.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/// Shells that are well, that talk too much, that end and that hang.
class CommandShellIT {
    private CommandShell shell = new CommandShell(List.of("sh", "-s"));

    @AfterEach
    void endAll() {
        shell.close();
    }

    private void use(String... command) {
        shell = new CommandShell(List.of(command));
    }

    @Test
    void runsScriptsOneAfterAnotherInOneShell() throws IOException {
        HostAnswer first = shell.run("echo $$; echo oops >&2; return 3");
        HostAnswer second = shell.run("echo $$");

        assertThat(first.status()).isEqualTo(3);
        assertThat(first.errors()).isEqualTo("oops");
        assertThat(second.errors()).isEmpty();
        assertThat(second.lines()).isEqualTo(first.lines());
    }

    @Test
    void takesAnotherShellWhereTheOneThatItKeptHasEnded() throws IOException {
        List<String> first = shell.run("echo $$").lines();
        ProcessHandle.of(Long.parseLong(first.getFirst())).orElseThrow().destroyForcibly();

        assertThat(shell.run("echo $$").lines()).isNotEqualTo(first);
    }

    @Test
    void refusesAnAnswerThatIsTooLongAndDoesNotAskAgain() {
        AtomicInteger asked = new AtomicInteger();
        HostShell counting =
                script -> {
                    asked.incrementAndGet();
                    return shell.run(script);
                };
        Host host = Host.inBoot(counting, new Random(), "b-1");

        assertThatExceptionOfType(HostAnswerTooLongException.class)
                .isThrownBy(() -> host.call("head -c 2000000 /dev/zero"));
        assertThatExceptionOfType(HostAnswerTooLongException.class)
                .isThrownBy(() -> host.call("head -c 2000000 /dev/zero | tr '\\0' '\\n'"));
        assertThat(asked).hasValue(2);
    }

    @Test
    void doesNotListenForEverToWhatIsNoShell() {
        use("cat", "/dev/zero");

        assertThat(catchThrowable(() -> shell.run("echo")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("runs nothing");
    }

    @Test
    void neitherOutputKeepsTheOtherNorTheInputWaiting() throws IOException {
        use("sh", "-c", "head -c 300000 /dev/zero >&2; yes | head -c 300000; exec sh -s");
        String comment = "# " + "x".repeat(70) + "\n";

        HostAnswer answer =
                shell.run(comment.repeat(5000) + "head -c 300000 /dev/zero >&2; echo done");

        assertThat(answer.lines()).containsExactly("done");
        assertThat(answer.errors()).hasSizeLessThanOrEqualTo(4096);
    }

    @Test
    void doesNotWaitForWhoHoldsItsOutputsOpen(@TempDir Path folder) throws IOException {
        Path pid = folder.resolve("pid");

        HostAnswer answer = shell.run("sleep 1000 & echo $! >'%s'; echo done".formatted(pid));

        long daemon = Long.parseLong(Files.readString(pid).strip());
        assertThat(ProcessHandle.of(daemon)).get().matches(ProcessHandle::destroyForcibly);
        assertThat(answer.lines()).containsExactly("done");
    }

    @Test
    void endsAScriptWhoseThreadIsInterrupted(@TempDir Path folder) throws Exception {
        Path pid = folder.resolve("pid");
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread caller =
                Thread.ofVirtual()
                        .name("caller")
                        .start(() ->
                                thrown.complete(
                                        catchThrowable(() ->
                                                shell.run(
                                                        "echo $$ >'%1$s.new'; mv '%1$s.new' '%1$s'; sleep 1000 & wait"
                                                                .formatted(pid)))));
        while (!Files.exists(pid)) {
            Thread.onSpinWait();
        }

        caller.interrupt();

        assertThat(thrown.get()).isInstanceOf(InterruptedIOException.class);
        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                .ifPresent(shellProcess -> shellProcess.onExit().join());
    }

    @Test
    void saysWhyNothingWasRun() {
        use("sh", "-c", "echo no way there >&2; exit 255");

        assertThat(catchThrowable(() -> shell.run("echo")))
                .isInstanceOf(IOException.class)
                .hasMessage("no way there");
    }
}
