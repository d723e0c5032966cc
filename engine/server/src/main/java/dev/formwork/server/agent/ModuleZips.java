package dev.formwork.server.agent;

import dev.formwork.agent.protocol.ModuleBundle;
import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;
import dev.formwork.model.module.FileTree;
import dev.formwork.model.yaml.ModuleLoader;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/// Modules' folders as agents fetch them; those asked for last are kept, for many machines ask for
/// the same. Thread-safe.
public final class ModuleZips {
    private static final int KEPT = 64;
    private static final int LARGEST_KEPT = 1 << 20;

    private final Function<String, FileTree> files;
    private final Map<String, byte[]> kept =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
                    return size() > KEPT;
                }
            };

    /// @param files finds files by their digest, or throws `module.unknown`
    public ModuleZips(Function<String, FileTree> files) {
        this.files = files;
    }

    /// @throws ProblemException `module.unknown`
    byte[] zip(String digest) {
        synchronized (kept) {
            byte[] zip = kept.get(digest);
            if (zip != null) {
                return zip;
            }
        }
        FileTree folder = files.apply(digest);
        if (folder.file(ModuleLoader.FILE).isEmpty()) {
            throw ProblemException.of(
                    "module.unknown", "no module is " + Names.abbreviate(digest), null);
        }
        byte[] zip = zip(folder);
        if (zip.length <= LARGEST_KEPT) {
            synchronized (kept) {
                kept.put(digest, zip);
            }
        }
        return zip;
    }

    private static byte[] zip(FileTree folder) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ModuleBundle.of(folder.files()).writeZip(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("memory can be written", e);
        }
        return bytes.toByteArray();
    }
}
