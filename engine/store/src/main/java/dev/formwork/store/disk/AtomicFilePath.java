package dev.formwork.store.disk;

import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

import java.io.IOException;
import java.nio.channels.FileChannel;

/// The scheme `atomic:` for H2: a database file below it is an [AtomicFile]. Public because H2
/// makes instances by reflection.
public final class AtomicFilePath extends FilePathWrapper {
    private static final String DATABASE = ".mv.db";
    private static final String JOURNAL = ".journal";

    /// For H2's use; ours is [#register].
    public AtomicFilePath() {}

    /// Makes the scheme known to H2. May be called again.
    public static void register() {
        FilePath.register(new AtomicFilePath());
    }

    @Override
    public String getScheme() {
        return "atomic";
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        if (!name.endsWith(DATABASE) || mode.equals("r")) {
            return super.open(mode);
        }
        FileChannel file = super.open(mode);
        try {
            FilePath base = getBase();
            return new AtomicFile(
                    file,
                    base.getPath(base.toString() + JOURNAL).open("rw"),
                    AtomicFile.JOURNAL_LIMIT,
                    AtomicFilePath::startThread);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static void startThread(Runnable task) {
        Thread.ofPlatform().daemon().name("force-database-file").start(task);
    }
}
