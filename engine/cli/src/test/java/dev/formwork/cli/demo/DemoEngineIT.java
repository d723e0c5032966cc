package dev.formwork.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.cli.client.EngineLocation;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The demo's engine where an earlier start was interrupted: a real one.
@Timeout(180)
class DemoEngineIT {
    private static final Path APP = Path.of("../..").toAbsolutePath().normalize();

    @TempDir private Path folder;

    private DemoHome home() {
        return new DemoHome(folder, "metal-demo");
    }

    private DemoEngine engine(List<String> more) {
        return new DemoEngine(home(), Clock.systemUTC(), APP, more);
    }

    @AfterEach
    void leaveNothing() throws InterruptedException {
        var _ = new OwnProcesses(home().directory(), Set.of()).end();
    }

    /// Ctrl-C ends the program and not the engine, which is in a session of its own.
    @Test
    void takesTheOneThatAnInterruptedStartHasLeft() throws InterruptedException {
        List<Exception> failures = new ArrayList<>();
        Thread first =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                var _ = engine(List.of()).start();
                            } catch (InterruptedException | RuntimeException e) {
                                failures.add(e);
                            }
                        });
        while (!Files.exists(home().directory().resolve("store"))) {
            Thread.onSpinWait();
        }
        first.interrupt();
        first.join();

        EngineLocation again = engine(List.of()).start();

        assertThat(engine(List.of()).running()).map(EngineLocation::pid).contains(again.pid());
        assertThat(failures).allMatch(InterruptedException.class::isInstance);
        List<String> said = new ArrayList<>();
        assertThat(engine(List.of()).runningOrStarted(said::add, "starting").pid())
                .isEqualTo(again.pid());
        assertThat(said).singleElement().asString().contains("runs already");
        engine(List.of()).stop(again);
        assertThat(engine(List.of()).running()).isEmpty();
        assertThat(engine(List.of()).start().pid())
                .as("once more, over what it has left")
                .isNotEqualTo(again.pid());
    }

    @Test
    void saysWhyAnEngineEndsAtOnce() throws IOException {
        home().create();
        Files.writeString(home().engineLog(), "an earlier one: store.locked\n");

        assertThatThrownBy(() -> engine(List.of("--boot", "nowhere.yaml")).start())
                .hasMessageContaining("demo.engine-ended")
                .hasMessageContaining("boot.unreadable");
    }
}
