package dev.formwork.agent.transport;

import dev.formwork.agent.protocol.Facts;
import dev.formwork.agent.protocol.JobId;
import dev.formwork.agent.protocol.ModuleDigest;
import dev.formwork.agent.protocol.Poll;
import dev.formwork.agent.protocol.Register;
import dev.formwork.agent.protocol.Registered;
import dev.formwork.agent.protocol.Report;
import dev.formwork.agent.protocol.Started;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import javax.net.ssl.SSLSocketFactory;

/// The engines of one store as if they were one, since each serves every agent. All calls go to the
/// same one until it can't be reached; then the call, harmless to repeat, is made at the next one
/// at once, and later calls stay there. A call fails as unreachable when each engine was tried
/// once.
///
/// One that hangs takes connections and never answers, so where there is another, polls wait for a
/// shorter time, and no answer is waited for as long as where there is none.
public final class Engines implements Engine {
    private static final System.Logger LOG = System.getLogger(Engines.class.getName());

    private static final int LONGEST_POLL_OF_SEVERAL = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PATIENCE_WITH_ONE_OF_SEVERAL = Duration.ofSeconds(8);

    private final KnownEngines known;
    private final @Nullable SSLSocketFactory trust;
    private volatile @Nullable String authorization;
    private final ReentrantLock lock = new ReentrantLock();
    private URI current;
    private @Nullable URI answered;

    /// One call at one engine.
    private interface Call<T, E extends Exception> {
        T at(HttpEngine engine) throws EngineUnreachableException, EngineRefusalException, E;
    }

    /// @param trust null to trust what the Java platform trusts
    public Engines(KnownEngines known, @Nullable SSLSocketFactory trust) {
        this.known = known;
        this.trust = trust;
        this.current = known.all().getFirst();
    }

    @Override
    public Registered register(Register register)
            throws EngineUnreachableException, EngineRefusalException {
        Registered registered = anywhere(engine -> engine.register(register));
        known.learn(registered.engines());
        return registered;
    }

    @Override
    public void identify(String machineId, String credential) {
        authorization = "Bearer " + machineId + "." + credential;
    }

    @Override
    public PollAnswer poll(Poll poll) throws EngineUnreachableException, EngineRefusalException {
        PollAnswer answer =
                anywhere(engine ->
                        engine.poll(
                                known.areSeveral()
                                        ? poll.waitingAtMost(LONGEST_POLL_OF_SEVERAL)
                                        : poll));
        known.learn(answer.engines());
        return answer;
    }

    @Override
    public void started(JobId job, Started started)
            throws EngineUnreachableException, EngineRefusalException {
        anywhere(engine -> {
            engine.started(job, started);
            return job;
        });
    }

    @Override
    public long log(JobId job, long token, long offset, byte[] bytes)
            throws EngineUnreachableException, EngineRefusalException {
        return anywhere(engine -> engine.log(job, token, offset, bytes));
    }

    @Override
    public void result(JobId job, Report report)
            throws EngineUnreachableException, EngineRefusalException {
        anywhere(engine -> {
            engine.result(job, report);
            return job;
        });
    }

    @Override
    public void facts(Facts facts) throws EngineUnreachableException, EngineRefusalException {
        anywhere(engine -> {
            engine.facts(facts);
            return facts;
        });
    }

    @Override
    public void module(ModuleDigest digest, Path zip) throws IOException {
        anywhere(engine -> {
            // A try that broke leaves a part of it.
            Files.deleteIfExists(zip);
            engine.module(digest, zip);
            return zip;
        });
    }

    private <T, E extends Exception> T anywhere(Call<T, E> call)
            throws EngineUnreachableException, EngineRefusalException, E {
        List<URI> round = inTurn();
        Duration patience = round.size() > 1 ? PATIENCE_WITH_ONE_OF_SEVERAL : PATIENCE;
        List<String> failures = new ArrayList<>();
        for (int i = 0; i < round.size(); i++) {
            URI url = round.get(i);
            try {
                T answer = call.at(new HttpEngine(url, trust, authorization, patience));
                answered(url);
                return answer;
            } catch (EngineRefusalException e) {
                answered(url);
                throw e;
            } catch (EngineUnreachableException e) {
                if (round.size() == 1) {
                    throw e;
                }
                failures.add(url + ": " + e.getMessage());
                leave(url, round.get((i + 1) % round.size()));
            }
        }
        throw new EngineUnreachableException(String.join("; ", failures), null);
    }

    /// All engines, from the one that calls go to.
    private List<URI> inTurn() {
        List<URI> all = known.all();
        lock.lock();
        try {
            // One that no engine names any more is left.
            int first = Math.max(0, all.indexOf(current));
            List<URI> turned = new ArrayList<>(all.subList(first, all.size()));
            turned.addAll(all.subList(0, first));
            current = turned.getFirst();
            return turned;
        } finally {
            lock.unlock();
        }
    }

    /// Of several calls that fail at one engine, the first moves on for all.
    private void leave(URI url, URI next) {
        lock.lock();
        try {
            if (url.equals(current)) {
                current = next;
            }
        } finally {
            lock.unlock();
        }
    }

    private void answered(URI url) {
        lock.lock();
        try {
            if (answered != null && !answered.equals(url) && url.equals(current)) {
                LOG.log(Level.INFO, "going on with the engine at {0}, after {1}", url, answered);
            }
            if (answered == null || url.equals(current)) {
                answered = url;
            }
        } finally {
            lock.unlock();
        }
    }
}
