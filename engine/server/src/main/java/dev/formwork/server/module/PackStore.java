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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Packs and modules by the digests of their files. What was stored stays: plans and results name
/// it. Thread-safe.
public final class PackStore {
    /// The setting that lists the packs that were uploaded, one digest a line.
    private static final String UPLOADED = "packs.uploaded";

    private static final String HINT = "upload it first: POST /api/v1/packs";

    private final Store store;
    private final List<StoredPack> builtIn;
    private final Map<String, Pack> loaded = new ConcurrentHashMap<>();
    private final Map<String, LoadedModule> modules = new ConcurrentHashMap<>();

    private PackStore(Store store, List<StoredPack> builtIn) {
        this.store = store;
        this.builtIn = List.copyOf(builtIn);
        builtIn.forEach(stored -> loaded.put(stored.digest(), stored.pack()));
    }

    /// Loads and stores the packs that every plan uses.
    ///
    /// @throws ProblemException with every problem of every pack
    public static PackStore open(Store store, List<Path> directories) {
        List<StoredPack> builtIn = new ArrayList<>();
        for (Path directory : directories) {
            FileTree files = PackLoader.read(directory);
            Pack pack = PackLoader.load(files);
            String digest = files.digest();
            if (store.files(digest).isEmpty()) {
                EngineLoop.join(store.commit(changes(digest, files, pack)));
            }
            builtIn.add(new StoredPack(digest, pack, true));
        }
        return new PackStore(store, builtIn);
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
                List<Change> changes = new ArrayList<>(changes(digest, files, pack));
                Set<String> uploaded = new LinkedHashSet<>(uploaded());
                if (uploaded.add(digest)) {
                    changes.add(new Change.PutSetting(UPLOADED, String.join("\n", uploaded)));
                    EngineLoop.join(store.commit(changes));
                }
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
        digests.forEach(digest -> packs.add(find(digest)));
        return Library.of(packs);
    }

    /// All packs that there are, later ones over earlier ones.
    public Library everything() {
        return Library.of(all());
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

    private static List<Change> changes(String digest, FileTree files, Pack pack) {
        List<Change> changes = new ArrayList<>();
        changes.add(new Change.PutFiles(digest, files));
        pack.catalog()
                .modules()
                .values()
                .forEach(module ->
                        changes.add(new Change.PutFiles(module.files().digest(), module.files())));
        return changes;
    }
}
