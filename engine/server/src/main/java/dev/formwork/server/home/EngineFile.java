package dev.formwork.server.home;

import dev.formwork.server.api.ApiJson;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `engine.json` in the data directory: where the engine is, for the CLI to find it. There while
/// the engine runs, and after it was killed.
public final class EngineFile {
    public static final String NAME = "engine.json";

    private static final String LAST_PORT = "last-port";
    private static final Pattern PID = Pattern.compile("\"pid\"\\s*:\\s*([0-9]+)");
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

    private EngineFile() {}

    public static void write(DataDirectory data, URI url, Instant at) {
        Content content = new Content(url.toString(), ProcessHandle.current().pid(), at);
        data.write(NAME, ApiJson.write(content));
        data.write(LAST_PORT, Integer.toString(url.getPort()).getBytes(StandardCharsets.US_ASCII));
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
    public static OptionalInt lastPort(DataDirectory data) {
        Matcher port = PORT.matcher(data.read(LAST_PORT).orElse(""));
        return port.matches()
                ? OptionalInt.of(Integer.parseInt(port.group()))
                : OptionalInt.empty();
    }

    private record Content(String url, long pid, Instant startedAt) {}
}
