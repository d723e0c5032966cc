package dev.formwork.cli.session;

import dev.formwork.cli.client.EngineClient;
import dev.formwork.cli.client.EngineLocation;
import dev.formwork.cli.document.Documents;
import dev.formwork.cli.document.Format;
import dev.formwork.cli.terminal.Style;
import dev.formwork.cli.terminal.Table;
import dev.formwork.cli.terminal.Terminal;
import dev.formwork.model.value.Value;

import java.io.BufferedReader;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// One start of the program: its options, its surroundings, where it prints. Options count once the
/// command line was read.
public final class Session {
    private final Map<String, String> environment;
    private final Path workingDirectory;
    private final BufferedReader in;
    private final PrintWriter out;
    private final PrintWriter err;
    private final Clock clock;
    private final GlobalOptions options = new GlobalOptions();
    private Optional<Terminal> terminal = Optional.empty();
    private Optional<EngineClient> client = Optional.empty();

    public Session(
            Map<String, String> environment,
            Path workingDirectory,
            BufferedReader in,
            PrintWriter out,
            PrintWriter err,
            Clock clock) {
        this.environment = Map.copyOf(environment);
        this.workingDirectory = workingDirectory;
        this.in = in;
        this.out = out;
        this.err = err;
        this.clock = clock;
    }

    /// Bound to the command line.
    public GlobalOptions options() {
        return options;
    }

    public Map<String, String> environment() {
        return environment;
    }

    public BufferedReader in() {
        return in;
    }

    public PrintWriter out() {
        return out;
    }

    public PrintWriter err() {
        return err;
    }

    public Clock clock() {
        return clock;
    }

    public boolean verbose() {
        return options.verbose;
    }

    public Format format() {
        return options.output;
    }

    public Terminal terminal() {
        if (terminal.isEmpty()) {
            terminal = Optional.of(Terminal.detect(environment, options.noColour));
        }
        return terminal.get();
    }

    public Style style() {
        return terminal().style();
    }

    /// A file as a person named it.
    public Path resolve(Path file) {
        return workingDirectory.resolve(file).normalize();
    }

    public Distribution distribution() {
        return Distribution.of(environment, workingDirectory);
    }

    /// The data directory: named, or `$FORMWORK_HOME`, or that of the XDG base directories.
    public Path dataDirectory() {
        return options.dataDirectory.map(this::resolve).orElseGet(this::home);
    }

    /// The engine to talk to. Where none was named and none runs at home, that of the demo will do.
    ///
    /// @throws dev.formwork.model.ProblemException `cli.no-engine`, `cli.no-token`, `cli.bad-url`
    public EngineClient client() {
        if (client.isEmpty()) {
            client = Optional.of(new EngineClient(location()));
        }
        return client.get();
    }

    /// Talks to this engine from now on, whatever the options say.
    public void connect(EngineLocation engine) {
        client = Optional.of(new EngineClient(engine));
    }

    /// How the program is called in what it proposes, with what it takes to reach the same engine.
    public String program() {
        StringBuilder program =
                new StringBuilder(environment.getOrDefault("FORMWORK_PROGRAM", "formwork"));
        options.url.ifPresent(url -> program.append(" --url ").append(url));
        options.dataDirectory.ifPresent(dir -> program.append(" --data-dir ").append(dir));
        options.tokenFile.ifPresent(file -> program.append(" --token-file ").append(file));
        options.caFile.ifPresent(file -> program.append(" --ca-file ").append(file));
        return program.toString();
    }

    public void print(String line) {
        out.println(line);
    }

    /// A line about what goes on; beside a document it goes to standard error.
    public void say(String line) {
        PrintWriter to = format() == Format.TABLE ? out : err;
        to.println(line);
        to.flush();
    }

    public void print(Table table) {
        table.lines(style(), terminal().output() ? terminal().width() : 0).forEach(out::println);
    }

    /// Prints a document and answers true where one is wanted instead of a table.
    public boolean document(Value value) {
        if (format() == Format.TABLE) {
            return false;
        }
        out.print(Documents.write(value, format()));
        out.flush();
        return true;
    }

    /// A struct with its fields in the order given.
    public static Value.Struct struct(Object... keysAndValues) {
        Map<String, Value> fields = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            fields.put((String) keysAndValues[i], (Value) keysAndValues[i + 1]);
        }
        return Value.of(fields);
    }

    /// Where the engine is, as it was named or as it runs here.
    ///
    /// @throws dev.formwork.model.ProblemException `cli.no-engine`, `cli.no-token`, `cli.bad-url`
    public EngineLocation location() {
        Optional<String> url =
                options.url.or(() -> Optional.ofNullable(environment.get("FORMWORK_URL")));
        Optional<Path> tokenFile = file(options.tokenFile, "FORMWORK_TOKEN_FILE");
        Path data = dataDirectory();
        if (url.isPresent()) {
            return EngineLocation.named(
                    url.get(), tokenFile, file(options.caFile, "FORMWORK_CA_FILE"), data);
        }
        Path demo = data.resolve("demo");
        return EngineLocation.in(data, tokenFile)
                .or(() ->
                        Files.isDirectory(demo)
                                ? EngineLocation.in(demo, tokenFile)
                                : Optional.empty())
                .orElseThrow(() -> EngineLocation.none(data.toString(), "none has started there"));
    }

    private Optional<Path> file(Optional<Path> option, String variable) {
        return option.or(() -> Optional.ofNullable(environment.get(variable)).map(Path::of))
                .map(this::resolve);
    }

    private Path home() {
        String named = environment.getOrDefault("FORMWORK_HOME", "");
        if (!named.isEmpty()) {
            return resolve(Path.of(named));
        }
        String share = environment.getOrDefault("XDG_DATA_HOME", "");
        Path base =
                share.isEmpty()
                        ? Path.of(environment.getOrDefault("HOME", "/"), ".local", "share")
                        : Path.of(share);
        return base.resolve("formwork");
    }
}
