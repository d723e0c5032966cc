package dev.formwork.image.tree;

import dev.formwork.agent.archive.TarWriter;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/// An image's files as a tar archive.
public final class TreeArchive {
    private TreeArchive() {}

    /// Writes the tree, and leaves the stream open.
    ///
    /// @param time of every entry, in seconds since 1970
    public static void write(ImageTree tree, long time, OutputStream out) throws IOException {
        TarWriter tar = new TarWriter(out, time);
        for (Map.Entry<String, Entry> each : tree.entries().entrySet()) {
            String path = each.getKey();
            switch (each.getValue()) {
                case Entry.Directory directory -> tar.directory(path, directory.mode());
                case Entry.Link link -> tar.link(path, link.target());
                case Entry.Content content -> {
                    try (InputStream in = content.source().open()) {
                        tar.file(path, content.mode(), content.source().size(), in);
                    }
                }
            }
        }
        tar.end();
    }
}
