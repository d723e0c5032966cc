package dev.formwork.image.tree;

import dev.formwork.image.tree.Entry.Content;
import dev.formwork.image.tree.Entry.Directory;
import dev.formwork.image.tree.Entry.Link;
import dev.formwork.image.tree.Entry.Source;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The files of an image by their path without a leading slash, in the order they are written. Not
/// thread-safe.
///
/// In the root of a system old and new places of programs are one: `bin`, `sbin`, `lib` and `lib64`
/// are links into `usr`, and what is put there lands in `usr`.
public final class ImageTree {
    private static final Map<String, String> MERGED =
            Map.of("bin", "usr/bin", "sbin", "usr/sbin", "lib", "usr/lib", "lib64", "usr/lib64");

    private final SortedMap<String, Entry> entries = new TreeMap<>();

    private final boolean merged;

    private ImageTree(boolean merged) {
        this.merged = merged;
    }

    /// With the links of the old places.
    public static ImageTree root() {
        ImageTree tree = new ImageTree(true);
        MERGED.forEach((old, now) -> {
            tree.directory(now, 0755);
            tree.entries.put(old, new Link(now));
        });
        return tree;
    }

    /// With nothing, where everything is just where it is put.
    public static ImageTree bare() {
        return new ImageTree(false);
    }

    /// A directory, with those above it.
    public ImageTree directory(String path, int mode) {
        String place = place(path);
        parents(place);
        entries.put(place, new Directory(mode));
        return this;
    }

    public ImageTree link(String path, String target) {
        return put(path, new Link(target));
    }

    public ImageTree file(String path, int mode, Path source) {
        return put(path, new Content(mode, new Source.OnDisk(source)));
    }

    public ImageTree file(String path, int mode, byte[] bytes) {
        return put(path, new Content(mode, new Source.Bytes(bytes)));
    }

    public ImageTree file(String path, int mode, String text) {
        return put(
                path, new Content(mode, new Source.Bytes(text.getBytes(StandardCharsets.UTF_8))));
    }

    public boolean contains(String path) {
        return entries.containsKey(place(path));
    }

    /// By path, directories before what they hold.
    public SortedMap<String, Entry> entries() {
        return Collections.unmodifiableSortedMap(entries);
    }

    /// Where a path of a package lands.
    public String place(String path) {
        String clean = Path.of("/" + path).normalize().toString().substring(1);
        int slash = clean.indexOf('/');
        String first = slash < 0 ? clean : clean.substring(0, slash);
        String now = MERGED.get(first);
        return !merged || now == null || slash < 0 ? clean : now + clean.substring(slash);
    }

    private ImageTree put(String path, Entry entry) {
        String place = place(path);
        if (place.isEmpty()) {
            throw new IllegalArgumentException("the root is a directory");
        }
        parents(place);
        entries.put(place, entry);
        return this;
    }

    private void parents(String place) {
        int slash = place.lastIndexOf('/');
        if (slash > 0 && !entries.containsKey(place.substring(0, slash))) {
            directory(place.substring(0, slash), 0755);
        }
    }
}
