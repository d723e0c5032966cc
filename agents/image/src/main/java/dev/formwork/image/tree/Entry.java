package dev.formwork.image.tree;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// One name in an image. Everything belongs to root and has the same time.
public sealed interface Entry {
    /// The permission bits.
    int mode();

    /// A directory.
    record Directory(int mode) implements Entry {}

    /// A symbolic link.
    record Link(String target) implements Entry {
        @Override
        public int mode() {
            return 0777;
        }
    }

    /// A file.
    record Content(int mode, Source source) implements Entry {}

    /// Where a file's bytes are.
    sealed interface Source {
        long size() throws IOException;

        InputStream open() throws IOException;

        /// Bytes in memory.
        final class Bytes implements Source {
            private final byte[] bytes;

            Bytes(byte[] bytes) {
                this.bytes = bytes.clone();
            }

            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(bytes);
            }
        }

        /// A file of this machine, which stays as it is until the image is written.
        record OnDisk(Path path) implements Source {
            @Override
            public long size() throws IOException {
                return Files.size(path);
            }

            @Override
            public InputStream open() throws IOException {
                return Files.newInputStream(path);
            }
        }
    }
}
