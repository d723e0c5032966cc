package dev.formwork.store;

import dev.formwork.model.JobId;
import dev.formwork.model.ProblemException;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.Store;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/// Opens the store of a contract, and commits to it.
abstract class StoreFixture {
    static final JobId JOB = new JobId("J1");

    Store store;

    /// An empty store.
    abstract Store open() throws Exception;

    /// The same store, as a restarted engine finds it. The one given is closed already.
    abstract Store reopen(Store closed) throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        store = open();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    final void commit(Change... changes) {
        commit(Arrays.asList(changes));
    }

    final void commit(List<Change> changes) {
        try {
            store.commit(changes).get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("not committed", e);
        }
    }

    final void restart() throws Exception {
        store.close();
        store = reopen(store);
    }

    static String codeOf(CompletableFuture<Void> commit) {
        try {
            commit.get(60, TimeUnit.SECONDS);
            return "";
        } catch (ExecutionException e) {
            return e.getCause() instanceof ProblemException problem
                    ? problem.code()
                    : String.valueOf(e.getCause());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static Change event(String subject) {
        return new Change.AppendEvent(Samples.event(subject));
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    final String files(String digest) {
        return store.files(digest).orElseThrow().digest();
    }
}
