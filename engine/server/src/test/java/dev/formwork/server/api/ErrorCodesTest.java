package dev.formwork.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.provider.ProviderCode;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Holds docs/errors.md against the sources of every module: a string that looks like a code is one
/// that is documented, an event of docs/api.md, or named here as neither.
class ErrorCodesTest {
    private static final Pattern LITERAL =
            Pattern.compile("\"([a-z][a-z0-9-]*\\.[a-z][a-z0-9-]+)\"");
    private static final Pattern ROW = Pattern.compile("^\\| (`[^|]+) \\|", Pattern.MULTILINE);
    private static final Pattern CODE = Pattern.compile("`([a-z][a-z0-9-]*\\.[a-z][a-z0-9-]+)`");

    /// Files, system properties and functions that look like codes.
    private static final Pattern NEITHER =
            Pattern.compile(
                    ".*\\.(yaml|yml|json|log|sh|py|cfg|pid|tmp|new|key|mark|spool|lock|properties|home|arch"
                            + "|id|zip|etc|kpxe|efi|ipxe|txt|tar|jsa|squashfs|dep|alias|builtin|pem|part|conf|emu|tfstate)|(formwork|sets|lists|dev|packs|plan)\\.(transitions|queue"
                            + "|nodes|commit|intersects|equivalent|contains|range|formwork|uploaded)"
                            + "|store\\.key-check|java\\.(base|logging|xml)|(os|user)\\.name|docker\\.io|engine\\.epoch|tls\\.ca|.*\\.invalid-x|made-up\\.invalid");

    private static final Path ROOT = root();

    @Test
    void documentsEveryCode() throws IOException {
        Set<String> known = documented("docs/errors.md");
        Set<String> events = documented("docs/api.md");

        Map<String, Path> undocumented = new TreeMap<>(literals());
        undocumented
                .keySet()
                .removeIf(literal -> known.contains(literal) || events.contains(literal));

        assertThat(undocumented).as("add these to docs/errors.md").isEmpty();
    }

    @Test
    void documentsNoCodeThatIsNot() throws IOException {
        Set<String> gone = new TreeSet<>(documented("docs/errors.md"));
        gone.removeAll(literals().keySet());
        Arrays.stream(ProviderCode.values()).map(ProviderCode::code).forEach(gone::remove);
        gone.removeAll(List.of("input.invalid", "output.invalid")); // Put together in Schemas.

        assertThat(gone).as("nothing throws these any more").isEmpty();
    }

    @Test
    void documentsEveryCodeOfProviders() throws IOException {
        assertThat(documented("docs/errors.md"))
                .containsAll(
                        Arrays.stream(ProviderCode.values())
                                .map(ProviderCode::code)
                                .collect(Collectors.toSet()));
    }

    private static Set<String> documented(String file) throws IOException {
        Set<String> codes = new TreeSet<>();
        Matcher rows = ROW.matcher(Files.readString(ROOT.resolve(file)));
        while (rows.find()) {
            Matcher code = CODE.matcher(rows.group(1));
            while (code.find()) {
                assertThat(codes.add(code.group(1))).as("twice: " + code.group(1)).isTrue();
            }
        }
        return codes;
    }

    private static Map<String, Path> literals() throws IOException {
        Map<String, Path> literals = new TreeMap<>();
        for (Path source : sources()) {
            Matcher literal = LITERAL.matcher(Files.readString(source));
            while (literal.find()) {
                if (!NEITHER.matcher(literal.group(1)).matches()) {
                    literals.putIfAbsent(literal.group(1), ROOT.relativize(source));
                }
            }
        }
        return literals;
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        // Where a machine says codes without an agent.
        try (Stream<Path> scripts =
                Files.list(
                        ROOT.resolve("agents/image/src/main/resources/dev/formwork/image/root"))) {
            scripts.forEach(sources::add);
        }
        // What runners give to the programs that they run.
        try (Stream<Path> scripts = Files.walk(ROOT.resolve("agents/host/src/main/resources"))) {
            scripts.filter(file -> file.toString().matches(".*\\.(sh|py)")).forEach(sources::add);
        }
        for (String area : List.of("engine", "agents", "providers")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(area))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .filter(file -> file.toString().contains("/src/main/java/"))
                        .filter(file -> !file.toString().contains("/provider-tck/"))
                        .filter(file -> !file.toString().contains("/bench/"))
                        .filter(file -> !file.toString().contains("/postgres-testkit/"))
                        .forEach(sources::add);
            }
        }
        return sources;
    }

    private static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.exists(at.resolve("docs/errors.md"))) {
            at = Objects.requireNonNull(at.getParent());
        }
        return at;
    }
}
