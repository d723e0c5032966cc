package dev.formwork.agent.module;

import dev.formwork.agent.disk.DurableFile;
import dev.formwork.agent.disk.Folders;
import dev.formwork.agent.protocol.BundleLimits;
import dev.formwork.agent.protocol.ModuleBundle;
import dev.formwork.agent.protocol.ModuleDigest;
import dev.formwork.agent.protocol.ProtocolException;
import dev.formwork.agent.transport.Engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.locks.ReentrantLock;

/// Modules by digest. What is given out was checked just before: a folder that somebody changed is
/// fetched again. Thread-safe; one fetch at a time.
public final class ModuleCache {
    private final Path folder;
    private final Engine engine;
    private final ReentrantLock lock;

    private ModuleCache(Path folder, Engine engine, ReentrantLock lock) {
        this.folder = folder;
        this.engine = engine;
        this.lock = lock;
    }

    /// Opens the cache in a folder, which is made where it is missing.
    public static ModuleCache open(Path folder, Engine engine) throws IOException {
        DurableFile.createFolder(folder);
        return new ModuleCache(folder, engine, new ReentrantLock());
    }

    /// The same cache for another machine, which asks the engine in its own name.
    public ModuleCache of(Engine other) {
        return new ModuleCache(folder, other, lock);
    }

    /// The folder of a module, fetched if need be.
    ///
    /// @throws ProtocolException where what the engine gave is not the module:
    ///   `agent.module-digest`, or as [ModuleBundle#unpack]
    /// @throws IOException as the engine throws it, or where the disk fails
    public Path folder(ModuleDigest digest) throws IOException {
        lock.lock();
        try {
            Path module = folder.resolve(digest.hex());
            if (isIntact(module, digest)) {
                return module;
            }
            Folders.delete(module);
            return fetch(digest, module);
        } finally {
            lock.unlock();
        }
    }

    private static boolean isIntact(Path module, ModuleDigest digest) throws IOException {
        try {
            return Files.isDirectory(module)
                    && ModuleBundle.ofFolder(module, BundleLimits.STANDARD).digest().equals(digest);
        } catch (ProtocolException e) {
            return false;
        }
    }

    private Path fetch(ModuleDigest digest, Path module) throws IOException {
        Path zip = folder.resolve(digest.hex() + ".zip");
        Path unpacked = folder.resolve(digest.hex() + ".part");
        Files.deleteIfExists(zip);
        Folders.delete(unpacked);
        try {
            engine.module(digest, zip);
            ModuleDigest found;
            try (InputStream in = Files.newInputStream(zip)) {
                found = ModuleBundle.unpack(in, unpacked, BundleLimits.STANDARD).digest();
            }
            if (!found.equals(digest)) {
                throw new ProtocolException(
                        "agent.module-digest",
                        "the module that came is " + found + " and not " + digest,
                        null);
            }
            Files.move(unpacked, module, StandardCopyOption.ATOMIC_MOVE);
            return module;
        } finally {
            Files.deleteIfExists(zip);
            Folders.delete(unpacked);
        }
    }
}
