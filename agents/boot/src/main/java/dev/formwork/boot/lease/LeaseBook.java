package dev.formwork.boot.lease;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Keeps leases where a loss of power does not reach them. Safe for use by several threads.
public interface LeaseBook extends AutoCloseable {
    /// All leases that were ever committed, the last of each address. Called once, at first.
    List<Lease> load();

    /// Keeps these, each in place of what was there for its address. Commits that wait together may
    /// become durable together; they do in the order of the calls.
    ///
    /// @return done once they survive a loss of power; fails with a `ProblemException`
    ///   `dhcp.journal-io` where that is not known
    CompletableFuture<Void> commit(List<Lease> leases);

    @Override
    void close();
}
