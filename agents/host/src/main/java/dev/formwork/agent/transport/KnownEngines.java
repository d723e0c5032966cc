package dev.formwork.agent.transport;

import dev.formwork.agent.disk.DurableFile;
import dev.formwork.agent.protocol.ProtocolException;
import dev.formwork.agent.protocol.ProtocolJson;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// Where the engines are: those of the agent's setting, always and first, and those that an engine
/// named last, which are kept in a file. Thread-safe.
public final class KnownEngines {
    /// How many the agent knows at most, so that nobody fills its disk or has it call for ever.
    public static final int MOST = 16;

    private static final System.Logger LOG = System.getLogger(KnownEngines.class.getName());

    private final @Nullable Path file;
    private final List<URI> given;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile List<URI> learned = List.of();

    /// What the file holds.
    record Learned(List<String> engines) {
        Learned {
            engines = engines == null ? List.of() : List.copyOf(engines);
        }
    }

    private KnownEngines(@Nullable Path file, List<URI> given) {
        this.file = file;
        this.given = given;
    }

    /// @param given of the setting: at least one and at most [#MOST], as [EngineUrl] makes them
    /// @param file made when there is something to keep. One that can't be read counts as empty:
    ///   the setting is enough to start with
    public static KnownEngines open(Path file, List<URI> given) {
        if (given.isEmpty() || given.size() > MOST) {
            throw new IllegalArgumentException("an agent is given 1 to " + MOST + " engines");
        }
        KnownEngines known = new KnownEngines(file, List.copyOf(given));
        known.learned = known.stored();
        return known;
    }

    /// One alone, whatever it says of others: that of the process that the agent lives in.
    public static KnownEngines only(URI engine) {
        return new KnownEngines(null, List.of(engine));
    }

    /// All of them, in a lasting order.
    List<URI> all() {
        List<URI> all = new ArrayList<>(given);
        all.addAll(learned);
        return List.copyOf(all);
    }

    /// Whether there is another one to go on at.
    boolean areSeveral() {
        return all().size() > 1;
    }

    /// Takes what an engine says in place of what one said before. Nothing that can be used is no
    /// news: an older engine says nothing.
    void learn(List<String> told) {
        Set<URI> usable = usable(told);
        if (usable.isEmpty() || file == null) {
            return;
        }
        List<URI> news = beyondGiven(usable);
        lock.lock();
        try {
            if (!new HashSet<>(news).equals(new HashSet<>(learned))) {
                learned = news;
                store(file, news);
            }
        } finally {
            lock.unlock();
        }
    }

    private void store(Path kept, List<URI> engines) {
        Learned content = new Learned(engines.stream().map(URI::toString).toList());
        try {
            DurableFile.replace(kept, ProtocolJson.write(content));
        } catch (IOException e) {
            // Until the agent is started again it knows them anyway.
            LOG.log(Level.WARNING, "the engines can''t be kept: {0}", e.getMessage());
        }
    }

    private List<URI> stored() {
        if (file == null || !Files.exists(file)) {
            return List.of();
        }
        try {
            return beyondGiven(
                    usable(ProtocolJson.read(Files.readAllBytes(file), Learned.class).engines()));
        } catch (IOException | ProtocolException e) {
            LOG.log(Level.WARNING, "{0} can''t be read: {1}", file, e.getMessage());
            return List.of();
        }
    }

    /// Where the setting is under TLS, no answer leads out of it.
    private Set<URI> usable(List<String> told) {
        boolean onlySecure = given.stream().anyMatch(EngineUrl::isSecure);
        Set<URI> usable = new LinkedHashSet<>();
        told.stream()
                .limit(MOST)
                .map(EngineUrl::parse)
                .flatMap(Optional::stream)
                .filter(url -> !onlySecure || EngineUrl.isSecure(url))
                .forEach(usable::add);
        return usable;
    }

    private List<URI> beyondGiven(Set<URI> engines) {
        return engines.stream()
                .filter(url -> !given.contains(url))
                .limit(MOST - given.size())
                .toList();
    }
}
