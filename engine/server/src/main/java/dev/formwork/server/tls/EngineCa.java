package dev.formwork.server.tls;

import dev.formwork.model.EngineId;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.server.loop.EngineLoop;
import dev.formwork.store.secret.SecretSealer;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.Store;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// The CA of the engines of one store. It is made when it is first asked for and is the same ever
/// after, for all engines of the store: it is kept there, sealed under the engine's key, so that a
/// backup has it too. Thread-safe.
public final class EngineCa {
    private static final Logger LOG = LoggerFactory.getLogger(EngineCa.class);
    private static final String SETTING = "tls.ca";

    /// What it is sealed for.
    private static final String PLACE = "setting " + SETTING;

    private final Store store;
    private final SecretSealer sealer;
    private final EngineId engine;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<Authority> known = Optional.empty();

    public EngineCa(Store store, SecretSealer sealer, EngineId engine, Clock clock) {
        this.store = store;
        this.sealer = sealer;
        this.engine = engine;
        this.clock = clock;
    }

    /// @throws ProblemException `store.*`; `store.bad-key` where it was sealed under another key
    public Authority authority() {
        lock.lock();
        try {
            return ifMade().orElseGet(this::made);
        } finally {
            lock.unlock();
        }
    }

    /// The CA, unless nobody has needed it yet.
    public Optional<Authority> ifMade() {
        lock.lock();
        try {
            if (known.isEmpty()) {
                known = store.setting(SETTING).map(this::opened);
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    private Authority made() {
        Authority fresh = Issuing.authority("Formwork CA " + engine, clock.instant());
        String sealed = sealer.seal(fresh.encode(), PLACE);
        EngineLoop.join(store.commit(List.of(new Change.InitSetting(SETTING, sealed))));
        Authority stored =
                ifMade().orElseThrow(() -> new IllegalStateException("the CA is not stored"));
        LOG.info("the CA of these engines is {}", stored);
        return stored;
    }

    private Authority opened(String sealed) {
        try {
            return Authority.decode(sealer.open(sealed, PLACE));
        } catch (GeneralSecurityException | RuntimeException e) {
            if (e instanceof ProblemException problem) {
                throw problem;
            }
            throw new ProblemException(
                    List.of(
                            Problem.of(
                                    "store.damaged",
                                    "the CA in the store can't be read: " + e.getMessage(),
                                    "this is a defect of the engine: please report it")),
                    e);
        }
    }
}
