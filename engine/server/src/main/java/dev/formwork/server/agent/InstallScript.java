package dev.formwork.server.agent;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.AgentInstall;
import dev.formwork.provider.InstanceRequest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Makes `install.sh` for one machine.
public final class InstallScript implements AgentInstall {
    private static final Pattern PLACE = Pattern.compile("@([A-Z]+)@");
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9_.+-]+)+");

    private final List<URI> engines;
    private final String ca;
    private final AgentPackage agent;

    /// @param engines where machines find the engine, by TLS
    /// @param ca the certificate that the engine is under, PEM
    public InstallScript(List<URI> engines, String ca, AgentPackage agent) {
        this.engines = List.copyOf(engines);
        this.ca = ca;
        this.agent = agent;
    }

    /// Makes the agent's package, where that has not been done yet: the script has its digest.
    ///
    /// @throws ProblemException `provider.invalid-spec` for a `java` that is no plain absolute
    ///   path; `agent.no-engine-url`, `agent.no-package`
    @Override
    public String script(InstanceRequest request, Optional<String> java) {
        if (engines.isEmpty()) {
            return NONE.script(request, java);
        }
        java.ifPresent(InstallScript::requirePath);
        String program = java.orElse("$home/package/java/bin/java");
        String kind = java.isPresent() ? AgentPackage.JARS : AgentPackage.ownKind();
        Map<String, String> values =
                Map.ofEntries(
                        Map.entry("TOKEN", quote(request.bootToken().reveal())),
                        Map.entry("CA", ca.strip()),
                        Map.entry("PACKAGE", java.isPresent() ? kind : "\"linux-$(uname -m)\""),
                        Map.entry("DIGEST", agent.sha256(kind)),
                        Map.entry("ENGINES", words(engines)),
                        Map.entry(
                                "URLS",
                                quote(
                                        engines.stream()
                                                .map(URI::toString)
                                                .collect(Collectors.joining(",")))),
                        Map.entry("NAME", quote(request.name())),
                        Map.entry("MACHINE", quote(request.machine().value())),
                        Map.entry("JAVA", '"' + program + '"'),
                        Map.entry(
                                "COMMAND",
                                agent.command("$home/package", program).stream()
                                        .map(word -> '"' + word + '"')
                                        .collect(Collectors.joining(" "))));
        return PLACE.matcher(Template.TEXT)
                .replaceAll(found ->
                        Matcher.quoteReplacement(
                                values.getOrDefault(found.group(1), found.group())));
    }

    private static void requirePath(String java) {
        if (!PATH.matcher(java).matches()) {
            throw ProblemException.of(
                    "provider.invalid-spec",
                    "java is no absolute path",
                    "such as /usr/lib/jvm/java-25/bin/java");
        }
    }

    private static String words(List<URI> urls) {
        return urls.stream().map(url -> quote(url.toString())).collect(Collectors.joining(" "));
    }

    private static String quote(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    private static final class Template {
        static final String TEXT = read();

        private static String read() {
            try (InputStream in = InstallScript.class.getResourceAsStream("install.sh")) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException ofTheJar) {
                throw new UncheckedIOException(ofTheJar);
            }
        }
    }
}
