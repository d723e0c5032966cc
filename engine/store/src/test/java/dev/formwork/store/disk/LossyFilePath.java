package dev.formwork.store.disk;

import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.ArrayList;
import java.util.List;

/// How H2 finds a [LossyDisk].
final class LossyFilePath extends FilePath {
    private static final String SCHEME = "lossy";

    private LossyDisk disk() {
        String rest = name.substring(SCHEME.length() + 1);
        return LossyDisk.named(rest.substring(0, rest.indexOf('/')));
    }

    private String file() {
        return name.substring(name.indexOf('/') + 1);
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public LossyFilePath getPath(String path) {
        LossyFilePath file = new LossyFilePath();
        file.name = path;
        return file;
    }

    @Override
    public long size() {
        try {
            return disk().size(file());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void moveTo(FilePath newName, boolean atomicReplace) {
        disk().move(file(), ((LossyFilePath) newName).file());
    }

    @Override
    public boolean createFile() {
        return disk().create(file());
    }

    @Override
    public boolean exists() {
        return isDirectory() || disk().exists(file());
    }

    @Override
    public void delete() {
        disk().delete(file());
    }

    @Override
    public List<FilePath> newDirectoryStream() {
        List<FilePath> paths = new ArrayList<>();
        String disk = name.substring(0, name.indexOf('/') + 1);
        disk().list().forEach(path -> paths.add(getPath(disk + path)));
        return paths;
    }

    @Override
    public FilePath toRealPath() {
        return this;
    }

    @Override
    public FilePath getParent() {
        return getPath(name.substring(0, name.indexOf('/') + 1));
    }

    @Override
    public boolean isDirectory() {
        return name.endsWith("/");
    }

    @Override
    public boolean isRegularFile() {
        return !isDirectory() && exists();
    }

    @Override
    public boolean isAbsolute() {
        return true;
    }

    @Override
    public long lastModified() {
        return 0;
    }

    @Override
    public boolean canWrite() {
        return true;
    }

    @Override
    public void createDirectory() {}

    @Override
    public FileChannel open(String mode) {
        disk().create(file());
        return new Channel(disk(), file());
    }

    @Override
    public boolean setReadOnly() {
        return false;
    }

    private static final class Channel extends FileBaseDefault {
        private final LossyDisk disk;
        private final String path;

        private Channel(LossyDisk disk, String path) {
            this.disk = disk;
            this.path = path;
        }

        @Override
        protected void implTruncate(long size) throws IOException {
            disk.truncate(path, size);
        }

        @Override
        public long size() throws IOException {
            return disk.size(path);
        }

        @Override
        public synchronized int read(ByteBuffer to, long position) throws IOException {
            byte[] bytes = disk.read(path, position, to.remaining());
            to.put(bytes);
            return bytes.length == 0 && to.hasRemaining() ? -1 : bytes.length;
        }

        @Override
        public synchronized int write(ByteBuffer from, long position) throws IOException {
            byte[] bytes = new byte[from.remaining()];
            from.get(bytes);
            disk.write(path, position, bytes);
            return bytes.length;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            disk.force(path);
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) {
            return new Held(this, position, size, shared);
        }
    }

    private static final class Held extends FileLock {
        private Held(FileChannel channel, long position, long size, boolean shared) {
            super(channel, position, size, shared);
        }

        @Override
        public boolean isValid() {
            return true;
        }

        @Override
        public void release() {}
    }
}
