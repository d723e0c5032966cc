package dev.formwork.agent.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Zips on a real disk, friendly and hostile.
final class ModuleBundleIT {
    private static final BundleLimits SMALL = new BundleLimits(20, 10_000);

    @Property(tries = 100)
    void bringsEveryFolderThroughUnchanged(@ForAll("files") Map<String, byte[]> files) {
        ModuleBundle sent = ModuleBundle.of(files);

        inFolder(folder -> {
            ModuleBundle received = unpack(zip(sent), folder);
            assertThat(received.digest()).isEqualTo(sent.digest());
            assertThat(received.paths()).isEqualTo(sent.paths());
            assertThat(ModuleBundle.ofFolder(folder.resolve("in"), SMALL).digest())
                    .isEqualTo(sent.digest());
        });
    }

    /// Whatever the zip, only what is below the target changes, and a refusal has a code.
    @Property(tries = 300)
    void writesNothingOutside(@ForAll("hostile") byte[] zip) {
        inFolder(folder -> {
            try {
                unpack(zip, folder);
            } catch (ProtocolException e) {
                assertThat(e.code()).startsWith("module.");
            }
            try (Stream<Path> found = Files.walk(folder)) {
                assertThat(found)
                        .allSatisfy(path -> assertThat(path).matches(p -> isInside(folder, p)))
                        .noneSatisfy(path -> assertThat(path).isSymbolicLink());
            }
            assertThat(size(folder)).isLessThanOrEqualTo(SMALL.bytes() + (64 << 10));
        });
    }

    private static boolean isInside(Path folder, Path path) {
        return path.equals(folder) || path.startsWith(folder.resolve("in"));
    }

    @Property(tries = 1)
    void refusesWhatNoModuleHolds() {
        refuses("module.unsafe-path", entry("../evil", "x"));
        refuses("module.unsafe-path", entry("/etc/evil", "x"));
        refuses("module.malformed", entry("a", "x"), entry("a/b", "x"));
        refuses("module.too-large", entry("a", "x".repeat(10_001)));
        refuses(
                "module.too-large",
                Stream.iterate(0, i -> i + 1)
                        .limit(21)
                        .map(i -> entry("f" + i, "x"))
                        .toArray(String[][]::new));
        refuses(
                "module.too-large",
                Stream.iterate(0, i -> i + 1)
                        .limit(100)
                        .map(i -> entry("d" + i + "/", ""))
                        .toArray(String[][]::new));
        inFolder(folder ->
                assertThatExceptionOfType(ProtocolException.class)
                        .isThrownBy(() -> unpack(new byte[] {1, 2, 3}, folder))
                        .satisfies(e -> assertThat(e.code()).isEqualTo("module.malformed")));
    }

    @Property(tries = 1)
    void refusesATruncatedZip() {
        byte[] whole =
                zip(
                        ModuleBundle.of(
                                Map.of(
                                        "a",
                                        "some text".repeat(50).getBytes(StandardCharsets.UTF_8))));
        inFolder(folder ->
                assertThatExceptionOfType(ProtocolException.class)
                        .isThrownBy(() -> unpack(Arrays.copyOf(whole, 50), folder)));
    }

    @Property(tries = 1)
    void refusesAFolderWithALink() {
        inFolder(folder -> {
            Files.createSymbolicLink(folder.resolve("passwd"), Path.of("/etc/passwd"));
            assertThatExceptionOfType(ProtocolException.class)
                    .isThrownBy(() -> ModuleBundle.ofFolder(folder, SMALL))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("module.not-a-file"));
        });
    }

    @Property(tries = 1)
    void makesScriptsExecutableAndNothingElse() {
        byte[] zip =
                zip(
                        ModuleBundle.of(
                                Map.of(
                                        "s",
                                        "#!/bin/sh\n".getBytes(StandardCharsets.UTF_8),
                                        "t",
                                        new byte[] {1})));
        inFolder(folder -> {
            unpack(zip, folder);
            assertThat(folder.resolve("in/s")).isExecutable();
            assertThat(Files.getPosixFilePermissions(folder.resolve("in/t")))
                    .noneMatch(permission -> permission.name().endsWith("EXECUTE"));
        });
    }

    @Property(tries = 1)
    void bringsAnEmptyBundleThrough() {
        inFolder(folder ->
                assertThat(unpack(zip(ModuleBundle.of(Map.of())), folder).paths()).isEmpty());
    }

    private static void refuses(String code, String[]... entries) {
        byte[] zip = raw(List.of(entries));
        inFolder(folder ->
                assertThatExceptionOfType(ProtocolException.class)
                        .isThrownBy(() -> unpack(zip, folder))
                        .satisfies(e -> assertThat(e.code()).isEqualTo(code)));
    }

    private static String[] entry(String path, String text) {
        return new String[] {path, text};
    }

    @Provide
    Arbitrary<Map<String, byte[]>> files() {
        Arbitrary<String> names =
                Arbitraries.strings().withChars("abc.-_").ofMinLength(1).ofMaxLength(3);
        return Arbitraries.maps(
                        names.list()
                                .ofMinSize(1)
                                .ofMaxSize(3)
                                .map(parts -> String.join("/", parts)),
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(300))
                .ofMaxSize(8)
                .filter(ModuleBundleIT::isAFolder);
    }

    private static boolean isAFolder(Map<String, byte[]> files) {
        return files.keySet().stream()
                .allMatch(path ->
                        BundlePath.isSafe(path)
                                && files.keySet().stream()
                                        .noneMatch(other -> other.startsWith(path + "/")));
    }

    @Provide
    Arbitrary<byte[]> hostile() {
        Arbitrary<String> paths =
                Arbitraries.oneOf(
                        Arbitraries.of(
                                "a",
                                "a/b",
                                "a/b/c",
                                "../a",
                                "/a",
                                "a/../../b",
                                "..",
                                ".",
                                "",
                                "a/",
                                "../",
                                "a\\b",
                                "..\\a",
                                "a//b",
                                "a\nb"),
                        Arbitraries.strings().ofMinLength(1).ofMaxLength(20));
        Arbitrary<byte[]> zips =
                Combinators.combine(
                                paths,
                                Arbitraries.of(
                                        "x", "/etc/passwd", "#!/bin/sh\n", "y".repeat(4_000)))
                        .as((path, text) -> entry(path, text))
                        .list()
                        .ofMaxSize(12)
                        .map(ModuleBundleIT::raw);
        Arbitrary<byte[]> broken =
                Combinators.combine(zips, Arbitraries.integers(), Arbitraries.bytes())
                        .as((zip, place, with) -> {
                            zip[Math.floorMod(place, zip.length)] = with;
                            return zip;
                        });
        Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(200);
        return Arbitraries.frequencyOf(Tuple.of(5, zips), Tuple.of(5, broken), Tuple.of(1, noise));
    }

    /// Entries as they are given, twice the same path too.
    private static byte[] raw(List<String[]> entries) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Map<String, String> distinct = new LinkedHashMap<>();
        entries.forEach(entry -> distinct.put(entry[0], entry[1]));
        try (ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
            for (Map.Entry<String, String> entry : distinct.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] zip(ModuleBundle bundle) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            bundle.writeZip(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static ModuleBundle unpack(byte[] zip, Path folder) throws IOException {
        return ModuleBundle.unpack(new ByteArrayInputStream(zip), folder.resolve("in"), SMALL);
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            return found.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                    .mapToLong(path -> path.toFile().length())
                    .sum();
        }
    }

    private interface FolderUse {
        void use(Path folder) throws IOException;
    }

    private static void inFolder(FolderUse use) {
        try {
            Path folder = Files.createTempDirectory("formwork-bundle");
            try {
                use.use(folder);
            } finally {
                try (Stream<Path> found = Files.walk(folder)) {
                    for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(path);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
