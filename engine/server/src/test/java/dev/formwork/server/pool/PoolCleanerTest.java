package dev.formwork.server.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;
import dev.formwork.workflow.engine.Effect;
import dev.formwork.workflow.engine.Input;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

class PoolCleanerTest {
    private static final Effect.CleanMachine WISH =
            new Effect.CleanMachine(new MachineId("m-1"), "metal-1", "metal", "wipe");

    private final LinkedBlockingQueue<Input> told = new LinkedBlockingQueue<>();

    private Input.InstanceFailed failing(RuntimeException cause) throws InterruptedException {
        try (PoolCleaner cleaner =
                new PoolCleaner(
                        _ -> {
                            throw cause;
                        },
                        told::add)) {
            cleaner.clean(WISH);
            return (Input.InstanceFailed) told.poll(30, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "module.unknown, false",
        "engine.shards-busy, true",
        "store.unreachable, true",
    })
    void saysWhetherItMayGoWellInAMoment(String code, boolean again) throws InterruptedException {
        Input.InstanceFailed failed = failing(ProblemException.of(code, "no", null));
        assertThat(failed.code()).isEqualTo(code);
        assertThat(failed.retryable()).isEqualTo(again);
    }

    @Test
    void aDefectLeavesNoMachineWithoutAnybodyWhoLooksAfterIt() throws InterruptedException {
        Input.InstanceFailed failed = failing(new IllegalStateException("oh"));
        assertThat(failed.code()).isEqualTo("server.internal");
        assertThat(failed.retryable()).isTrue();
    }
}
