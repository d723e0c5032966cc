package dev.formwork.provider;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// What one machine printed, kept as [Console] promises: the files `console-<offset of the first
/// byte>` of a folder, two of them at most, of which the older one is full. One writes, others read
/// meanwhile.
public record ConsoleFiles(Path folder) {
    private static final int FULL = 256 * 1024;
    private static final int TRIES = 5;
    private static final String PREFIX = "console-";

    /// As [Console#read].
    ///
    /// @throws NoSuchFileException where there is no such folder
    public ConsoleText read(long offset, int most) throws IOException {
        for (int i = 1; ; i++) {
            try {
                return read(files(), offset, most);
            } catch (NoSuchFileException | FileNotFoundException removedMeanwhile) {
                if (i == TRIES) {
                    throw removedMeanwhile;
                }
            }
        }
    }

    /// Goes on behind what is there. Nobody else may write at the same time.
    public Writer writer() throws IOException {
        NavigableMap<Long, Path> files = files();
        return files.isEmpty()
                ? new Writer(0, 0)
                : new Writer(files.lastKey(), Files.size(files.lastEntry().getValue()));
    }

    /// For one thread.
    public final class Writer implements AutoCloseable {
        private long first;
        private long size;
        private FileOutputStream newest;

        private Writer(long first, long size) throws IOException {
            this.first = first;
            this.size = size;
            this.newest = new FileOutputStream(file(first), true);
        }

        public void append(byte[] bytes) throws IOException {
            if (size >= FULL) {
                for (Path older : files().headMap(first).values()) {
                    Files.delete(older);
                }
                newest.close();
                first += size;
                size = 0;
                newest = new FileOutputStream(file(first), true);
            }
            newest.write(bytes);
            size += bytes.length;
        }

        private File file(long offset) {
            return folder.resolve("%s%020d".formatted(PREFIX, offset)).toFile();
        }

        @Override
        public void close() throws IOException {
            newest.close();
        }
    }

    private NavigableMap<Long, Path> files() throws IOException {
        NavigableMap<Long, Path> files = new TreeMap<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path file : found) {
                String offset = file.getFileName().toString().substring(PREFIX.length());
                if (offset.matches("[0-9]{20}") && offset.compareTo("09") < 0) {
                    files.put(Long.parseLong(offset), file);
                }
            }
        }
        return files;
    }

    private static ConsoleText read(NavigableMap<Long, Path> files, long offset, int most)
            throws IOException {
        if (files.isEmpty()) {
            return new ConsoleText(0, ByteBuffer.allocate(0));
        }
        Map.Entry<Long, Path> newest = files.lastEntry();
        long end = newest.getKey() + Files.size(newest.getValue());
        long from = Math.clamp(offset, files.firstKey(), end);
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(most, end - from));
        while (bytes.hasRemaining()) {
            long at = from + bytes.position();
            Map.Entry<Long, Path> file = files.floorEntry(at);
            Long next = files.higherKey(at);
            long left = (next == null ? end : next) - at;
            try (RandomAccessFile in = new RandomAccessFile(file.getValue().toFile(), "r")) {
                in.seek(at - file.getKey());
                byte[] part = new byte[(int) Math.min(bytes.remaining(), left)];
                int count = in.read(part);
                if (count <= 0) {
                    break;
                }
                bytes.put(part, 0, count);
            }
        }
        return new ConsoleText(from, bytes.flip());
    }
}
