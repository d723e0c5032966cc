package dev.formwork.server.module;

import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;
import dev.formwork.model.module.FileTree;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.Pack;
import dev.formwork.model.yaml.ModuleLoader;
import dev.formwork.model.yaml.PackLoader;
import dev.formwork.server.loop.EngineLoop;
import dev.formwork.workflow.store.Change;
import dev.formwork.workflow.store.Store;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Packs and modules by the digests of their files. What a plan or a result names stays; other
/// files stay as long as somebody wants them, and for some time after. Thread-safe.
public final class PackStore {
    /// The setting that lists the packs that were uploaded, one digest a line.
    private static final String UPLOADED = "packs.uploaded";

    private static final String HINT = "upload it first: POST /api/v1/packs";

    /// How soon it is said again that files are wanted.
    private static final Duration OFTEN = Duration.ofHours(1);

    private final Store store;
    private final List<StoredPack> builtIn;
    private final Clock clock;
    private final Map<String, Instant> wanted = new ConcurrentHashMap<>();
    private final Map<String, Pack> loaded = new ConcurrentHashMap<>();
    private final Map<String, LoadedModule> modules = new ConcurrentHashMap<>();

    private PackStore(Store store, List<StoredPack> builtIn, Clock clock) {
        this.store = store;
        this.clock = clock;
        this.builtIn = List.copyOf(builtIn);
        builtIn.forEach(stored -> loaded.put(stored.digest(), stored.pack()));
    }

    /// Loads and stores the packs that every plan uses.
    ///
    /// @throws ProblemException with every problem of every pack
    public static PackStore open(Store store, List<Path> directories, Clock clock) {
        List<StoredPack> builtIn = new ArrayList<>();
        for (Path directory : directories) {
            FileTree files = PackLoader.read(directory);
            Pack pack = PackLoader.load(files);
            String digest = files.digest();
            if (store.files(digest).isEmpty()) {
                EngineLoop.join(store.commit(changes(digest, files, pack, clock.instant())));
            }
            builtIn.add(new StoredPack(digest, pack, true));
        }
        return new PackStore(store, builtIn, clock);
    }

    /// Checks and stores a pack; harmless to repeat.
    ///
    /// @throws ProblemException with every problem of every file
    public StoredPack upload(FileTree files) {
        Pack pack = PackLoader.load(files);
        String digest = files.digest();
        boolean known = builtIn.stream().anyMatch(stored -> stored.digest().equals(digest));
        if (!known) {
            synchronized (this) {
                Instant now = clock.instant();
                List<Change> changes = new ArrayList<>(changes(digest, files, pack, now));
                Set<String> uploaded = new LinkedHashSet<>(uploaded());
                if (uploaded.add(digest)) {
                    changes.add(new Change.PutSetting(UPLOADED, String.join("\n", uploaded)));
                }
                EngineLoop.join(store.commit(changes));
                wanted.put(digest, now);
            }
        }
        loaded.put(digest, pack);
        return new StoredPack(digest, pack, known);
    }

    /// Those that every plan uses first, then the others, oldest first.
    public List<StoredPack> all() {
        Map<String, StoredPack> packs = new LinkedHashMap<>();
        builtIn.forEach(stored -> packs.put(stored.digest(), stored));
        uploaded().forEach(digest -> packs.computeIfAbsent(digest, this::find));
        return List.copyOf(packs.values());
    }

    /// The packs that every plan uses, with those named laid over them in their order.
    ///
    /// @throws ProblemException `pack.unknown`
    public Library library(Collection<String> digests) {
        List<StoredPack> packs = new ArrayList<>(builtIn);
        for (String digest : digests) {
            StoredPack pack = find(digest);
            packs.add(want(pack) ? pack : find(digest));
        }
        return Library.of(packs);
    }

    /// All packs that there are, later ones over earlier ones.
    public Library everything() {
        return Library.of(all());
    }

    /// Says that a pack's files are wanted, unless it was said just now: from then on they stay for
    /// some time.
    ///
    /// @return false where they are gone: another engine has forgotten them
    private boolean want(StoredPack pack) {
        Instant now = clock.instant();
        Instant before = wanted.get(pack.digest());
        if (before != null && before.plus(OFTEN).isAfter(now)) {
            return true;
        }
        Set<String> digests = digests(pack);
        EngineLoop.join(store.commit(List.of(new Change.TouchFiles(digests, now))));
        boolean there = store.hasFiles(pack.digest());
        if (there) {
            wanted.put(pack.digest(), now);
        } else {
            evict(digests);
        }
        return there;
    }

    private static Set<String> digests(StoredPack pack) {
        Set<String> digests = new HashSet<>(Set.of(pack.digest()));
        pack.pack()
                .catalog()
                .modules()
                .values()
                .forEach(module -> digests.add(module.files().digest()));
        return digests;
    }

    private void evict(Collection<String> digests) {
        wanted.keySet().removeAll(digests);
        loaded.keySet().removeAll(digests);
        modules.keySet().removeAll(digests);
    }

    /// Forgets files that nobody has wanted since, and that nothing stored needs.
    ///
    /// @return how many trees were forgotten
    public int forgetUnused(Instant before, int limit) {
        builtIn.forEach(this::want);
        List<String> unused = store.unusedFiles(before, limit);
        if (unused.isEmpty()) {
            return 0;
        }
        List<Change> drops = new ArrayList<>();
        unused.forEach(digest -> drops.add(new Change.DropFiles(digest, before)));
        synchronized (this) {
            EngineLoop.join(store.commit(drops));
            Set<String> gone = new HashSet<>(unused);
            gone.removeIf(store::hasFiles);
            Set<String> uploaded = new LinkedHashSet<>(uploaded());
            if (uploaded.removeAll(gone)) {
                EngineLoop.join(
                        store.commit(
                                List.of(
                                        new Change.PutSetting(
                                                UPLOADED, String.join("\n", uploaded)))));
            }
            evict(gone);
            return gone.size();
        }
    }

    /// A module by the digest of its folder.
    ///
    /// @throws ProblemException `module.unknown`
    public LoadedModule module(String digest) {
        return modules.computeIfAbsent(digest, wanted -> ModuleLoader.load(files(wanted)));
    }

    /// The files of a module's folder, or of a pack.
    ///
    /// @throws ProblemException `module.unknown`
    public FileTree files(String digest) {
        return store.files(digest)
                .orElseThrow(() ->
                        ProblemException.of(
                                "module.unknown",
                                "no files are stored under " + Names.abbreviate(digest),
                                HINT));
    }

    /// @throws ProblemException `pack.unknown`
    public StoredPack find(String digest) {
        Pack pack =
                loaded.computeIfAbsent(
                        digest,
                        wanted ->
                                store.files(wanted)
                                        .filter(files -> files.file(PackLoader.FILE).isPresent())
                                        .map(PackLoader::load)
                                        .orElseThrow(() ->
                                                ProblemException.of(
                                                        "pack.unknown",
                                                        "there is no pack "
                                                                + Names.abbreviate(wanted),
                                                        HINT)));
        return new StoredPack(
                digest, pack, builtIn.stream().anyMatch(each -> each.digest().equals(digest)));
    }

    private List<String> uploaded() {
        return store.setting(UPLOADED).stream()
                .flatMap(lines -> Arrays.stream(lines.split("\n", -1)))
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private static List<Change> changes(String digest, FileTree files, Pack pack, Instant now) {
        List<Change> changes = new ArrayList<>();
        changes.add(new Change.PutFiles(digest, files, now));
        pack.catalog()
                .modules()
                .values()
                .forEach(module ->
                        changes.add(
                                new Change.PutFiles(module.files().digest(), module.files(), now)));
        return changes;
    }
}
