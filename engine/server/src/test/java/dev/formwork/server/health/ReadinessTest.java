package dev.formwork.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.Problem;

import org.junit.jupiter.api.Test;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

class ReadinessTest {
    private final AtomicReference<Optional<Problem>> loop = new AtomicReference<>(Optional.empty());
    private final Readiness readiness = new Readiness(loop::get);

    @Test
    void takesNoWorkBeforeItIsUpAndAfterItStops() {
        assertThat(readiness.problem()).map(Problem::code).contains("server.starting");
        readiness.up();
        assertThat(readiness.problem()).isEmpty();
        readiness.stopping();
        assertThat(readiness.problem()).map(Problem::code).contains("server.stopping");
        assertThat(readiness.refusal()).isPresent();
    }

    @Test
    void isDownButReadableWhenTheStoreBroke() {
        readiness.up();
        loop.set(Optional.of(Problem.of("store.full", "the disk is full")));

        assertThat(readiness.problem()).map(Problem::code).contains("store.full");
        assertThat(readiness.refusal()).isEmpty();
    }
}
