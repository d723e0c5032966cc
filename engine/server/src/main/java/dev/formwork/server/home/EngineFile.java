package dev.formwork.server.home;

import dev.formwork.server.api.ApiJson;
import dev.formwork.workflow.store.EngineAddress;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `engine.json` in the data directory: where the engine is, for the CLI to find it. There while
/// the engine runs, and after it was killed.
public final class EngineFile {
    public static final String NAME = "engine.json";

    private static final String LAST_PORT = "last-port";
    private static final String LAST_SECURE_PORT = "last-secure-port";
    private static final Pattern PID = Pattern.compile("\"pid\"\\s*:\\s*([0-9]+)");

    private EngineFile() {}

    public static void write(DataDirectory data, EngineAddress address, Instant at) {
        Content content =
                new Content(
                        address.local().toString(),
                        address.secure().map(URI::toString),
                        ProcessHandle.current().pid(),
                        at);
        data.write(NAME, ApiJson.write(content));
        lastPort(data).write(address.local().getPort());
        address.secure().ifPresent(url -> lastSecurePort(data).write(url.getPort()));
    }

    /// This engine has stopped. Where another one has taken over meanwhile, it is that one's.
    public static void delete(DataDirectory data) {
        boolean ours =
                data.read(NAME)
                        .map(PID::matcher)
                        .filter(Matcher::find)
                        .filter(pid -> isOurs(pid.group(1)))
                        .isPresent();
        if (ours) {
            data.delete(NAME);
        }
    }

    private static boolean isOurs(String pid) {
        return pid.equals(Long.toString(ProcessHandle.current().pid()));
    }

    /// Where it listened when it ran last.
    public static LastPort lastPort(DataDirectory data) {
        return new LastPort(data, LAST_PORT);
    }

    /// Where it listened for TLS when it last did.
    public static LastPort lastSecurePort(DataDirectory data) {
        return new LastPort(data, LAST_SECURE_PORT);
    }

    private record Content(String url, Optional<String> secureUrl, long pid, Instant startedAt) {}
}
