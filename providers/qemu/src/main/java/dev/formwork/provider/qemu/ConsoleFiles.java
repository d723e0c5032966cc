package dev.formwork.provider.qemu;

import dev.formwork.provider.ConsoleText;
import dev.formwork.provider.host.MachineHome;

import java.io.FileNotFoundException;
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

/// What a machine printed: the files `console-<offset of the first byte>` in its directory, which
/// `console.sh` keeps, two of them at most.
record ConsoleFiles(MachineHome home) {
    private static final int TRIES = 5;
    private static final String PREFIX = "console-";

    ConsoleText read(long offset, int most) throws IOException {
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

    private NavigableMap<Long, Path> files() throws IOException {
        NavigableMap<Long, Path> files = new TreeMap<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(home.path(), PREFIX + "*")) {
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
