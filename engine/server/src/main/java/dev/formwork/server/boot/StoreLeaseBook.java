package dev.formwork.server.boot;

import dev.formwork.boot.lease.Lease;
import dev.formwork.boot.lease.LeaseBook;
import dev.formwork.boot.lease.LeaseLine;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.Store;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Keeps leases in the engine's store, with everything else that must not be lost: commits share
/// their writes to the disk with those of runs.
public final class StoreLeaseBook implements LeaseBook {
    private static final Logger LOG = LoggerFactory.getLogger(StoreLeaseBook.class);

    private final Store store;

    public StoreLeaseBook(Store store) {
        this.store = store;
    }

    @Override
    public List<Lease> load() {
        List<Lease> leases = new ArrayList<>();
        for (String line : store.leases()) {
            LeaseLine.read(line)
                    .ifPresentOrElse(
                            leases::add, () -> LOG.warn("a lease cannot be read: {}", line));
        }
        return leases;
    }

    @Override
    public CompletableFuture<Void> commit(List<Lease> leases) {
        List<Change> changes = new ArrayList<>();
        leases.forEach(lease ->
                changes.add(
                        new Change.PutLease(lease.address().toString(), LeaseLine.write(lease))));
        return store.commit(changes)
                .exceptionally(failure -> {
                    throw new CompletionException(
                            new ProblemException(
                                    List.of(
                                            Problem.of(
                                                    "dhcp.journal-io",
                                                    "leases cannot be stored: " + failure)),
                                    failure));
                });
    }

    @Override
    public void close() {
        // The store is the engine's.
    }
}
