package dev.formwork.server.provider;

import static dev.formwork.provider.tck.ProviderContract.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.Problem;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.ProviderRecords;
import dev.formwork.provider.tck.ProviderRecordsContract;
import dev.formwork.workflow.store.BrokenStore;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.InMemoryStore;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

class StoreRecordsContractTest implements ProviderRecordsContract {
    private final BrokenStore store = new BrokenStore(new InMemoryStore());

    @Override
    public ProviderRecords records() {
        return new StoreRecords(store, "racks");
    }

    @Test
    void anotherProviderHasOthers() {
        assertThat(records().replace("a", Optional.empty(), Optional.of("1"))).isTrue();

        assertThat(new StoreRecords(store, "other").all()).isEmpty();
    }

    @Test
    void aStoreThatTakesNothingIsUnavailable() {
        store.breakAfter(0, Problem.of("store.full", "the disk is full"));
        assertThat(store.commit(List.of(new Change.PutSetting("a", "b"))))
                .isCompletedExceptionally();

        assertRefused(
                ProviderCode.UNAVAILABLE,
                () -> records().replace("a", Optional.empty(), Optional.of("1")));
    }

    @Test
    void aStoreThatIsClosedIsUnavailable() {
        store.close();

        assertRefused(ProviderCode.UNAVAILABLE, () -> records().all());
    }
}
