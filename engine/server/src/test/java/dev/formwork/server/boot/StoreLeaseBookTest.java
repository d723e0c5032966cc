package dev.formwork.server.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.boot.address.HardwareAddress;
import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.lease.ClientKey;
import dev.formwork.boot.lease.Lease;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.workflow.store.BrokenStore;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.InMemoryStore;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

class StoreLeaseBookTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    private final InMemoryStore store = new InMemoryStore();
    private final StoreLeaseBook book = new StoreLeaseBook(store);

    private static Lease lease(String address, Lease.State state, String name) {
        return new Lease(
                Ipv4.parse(address),
                ClientKey.of(HardwareAddress.parse("52:54:00:00:00:01")),
                state,
                NOW,
                name);
    }

    @Test
    void keepsTheLastOfEachAddress() {
        book.commit(List.of(lease("10.0.0.1", Lease.State.BOUND, "a\nb"))).join();
        book.commit(
                        List.of(
                                lease("10.0.0.1", Lease.State.RELEASED, ""),
                                lease("10.0.0.2", Lease.State.DECLINED, "host")))
                .join();

        assertThat(new StoreLeaseBook(store).load())
                .containsExactlyInAnyOrder(
                        lease("10.0.0.1", Lease.State.RELEASED, ""),
                        lease("10.0.0.2", Lease.State.DECLINED, "host"));
    }

    @Test
    void leavesOutWhatItCannotRead() {
        store.commit(List.of(new Change.PutLease("10.0.0.1", "nonsense"))).join();

        assertThat(book.load()).isEmpty();
    }

    @Test
    void saysThatALeaseIsNotKept() {
        BrokenStore broken = new BrokenStore(store);
        broken.breakAfter(0, Problem.of("store.full", "no room"));

        assertThatThrownBy(() ->
                        new StoreLeaseBook(broken)
                                .commit(List.of(lease("10.0.0.1", Lease.State.BOUND, "")))
                                .join())
                .hasCauseInstanceOf(ProblemException.class)
                .hasMessageContaining("leases cannot be stored");
    }
}
