package dev.formwork.agent.http;

import dev.formwork.agent.protocol.ProtocolException;
import dev.formwork.agent.protocol.ProtocolJson;
import dev.formwork.agent.runner.Launch;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The process that makes a call, in the place of a script: its output is the log. The log has no
/// values in it, but what a server says of a call that it refuses.
///
/// It ends with 0 for a success, 1 for a failure, 2 for a check without an answer, and
/// [#DOES_NOT_HOLD] for a check that does not hold: that is not 1, with which Java ends when it
/// can't even start.
public final class CallMain {
    /// In the scratch folder: the type of each output.
    static final String TYPES = "types.json";

    /// Exit code of a check that does not hold.
    static final int DOES_NOT_HOLD = 10;

    private static final int UNKNOWN = 2;
    private static final int MOST_SHOWN = 2048;

    /// What is asked for is not there, which answers a check.
    private static final Set<Integer> NOT_THERE = Set.of(404, 410);

    private final JsonNode call;
    private final Path scratch;
    private final boolean check;
    private final Filling filling;
    private final Exchange exchange;

    private CallMain(JsonNode call, Path scratch, boolean check, Map<String, JsonNode> inputs) {
        this.call = call;
        this.scratch = scratch;
        this.check = check;
        this.filling = new Filling(inputs);
        this.exchange = new Exchange(call, inputs);
    }

    /// @param arguments the file with the call, the scratch folder, `check` or `run`
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Map<String, JsonNode> inputs = new HashMap<>();
        read(Path.of(System.getenv("FORMWORK_INPUTS")))
                .properties()
                .forEach(each -> inputs.put(each.getKey(), each.getValue()));
        CallMain main =
                new CallMain(
                        read(Path.of(arguments[0])),
                        Path.of(arguments[1]),
                        arguments[2].equals("check"),
                        inputs);
        int code;
        try {
            code = main.run();
        } catch (IOException | RuntimeException | Error e) {
            code = main.giveUp(e);
        }
        System.out.flush();
        Runtime.getRuntime().halt(code);
    }

    /// A full disk, or a fault of ours, and nobody knows how far the call has come.
    private int giveUp(Throwable why) throws IOException {
        System.out.println("the call was given up: " + why);
        explain(exchange.failedUnexpectedly(why.getClass().getSimpleName()));
        return check ? UNKNOWN : 1;
    }

    private void explain(CallException failure) throws IOException {
        Files.writeString(
                scratch.resolve(Launch.REASON),
                failure.code()
                        + (failure.isUnknown() ? " unknown" : "")
                        + "\n"
                        + failure.detail()
                        + "\n");
    }

    private static JsonNode read(Path file) throws IOException {
        return ProtocolJson.readTree(Files.readAllBytes(file));
    }

    private int run() throws IOException, InterruptedException {
        try {
            System.out.println(exchange.method() + " " + exchange.shown());
            long start = System.nanoTime();
            Exchange.Answer answer = exchange.answer();
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            System.out.println("answered " + answer.status() + " after " + took.toMillis() + " ms");
            return judge(answer);
        } catch (CallException e) {
            System.out.println(e.detail());
            explain(e);
            return check ? UNKNOWN : 1;
        }
    }

    private int judge(Exchange.Answer answer) throws IOException, CallException {
        if (!isExpected(answer.status())) {
            if (check && NOT_THERE.contains(answer.status())) {
                return DOES_NOT_HOLD;
            }
            show(answer);
            throw CallException.failed(
                    "http.unexpected-status",
                    exchange.method() + " " + exchange.shown() + " answered " + answer.status());
        }
        @Nullable JsonNode json = json(answer);
        for (Map.Entry<String, JsonNode> each : call.path("match").properties()) {
            JsonNode found = json == null ? null : json.at(each.getKey());
            if (found == null || !isSame(found, filling.value(each.getValue()))) {
                System.out.println("the answer has something else at " + each.getKey());
                if (check) {
                    return DOES_NOT_HOLD;
                }
                throw CallException.failed(
                        "http.unexpected-answer",
                        "the answer has something else at '" + each.getKey() + "'");
            }
        }
        writeOutputs(answer, json);
        return 0;
    }

    private boolean isExpected(int status) {
        if (!call.has("expect")) {
            return status / 100 == 2;
        }
        for (JsonNode each : call.path("expect")) {
            if (each.asInt() == status) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable JsonNode json(Exchange.Answer answer) {
        try {
            return answer.body().isEmpty()
                    ? null
                    : ProtocolJson.readTree(answer.body().getBytes(StandardCharsets.UTF_8));
        } catch (ProtocolException e) {
            return null;
        }
    }

    private static boolean isSame(JsonNode one, JsonNode other) {
        return (one.isNumber() && other.isNumber())
                ? one.decimalValue().compareTo(other.decimalValue()) == 0
                : one.equals(other);
    }

    private void writeOutputs(Exchange.Answer answer, @Nullable JsonNode json) throws IOException {
        Path folder = Path.of(System.getenv("FORMWORK_OUTPUTS"));
        for (Map.Entry<String, JsonNode> type : read(scratch.resolve(TYPES)).properties()) {
            JsonNode value = output(type.getKey(), answer, json);
            if (value != null && !value.isMissingNode()) {
                // Of a text, one line's end is taken away again.
                boolean isText = type.getValue().asString("").equals("string");
                boolean raw = isText && value.isString();
                Files.writeString(
                        folder.resolve(type.getKey()),
                        raw
                                ? value.stringValue() + "\n"
                                : new String(ProtocolJson.write(value), StandardCharsets.UTF_8));
            }
        }
    }

    private @Nullable JsonNode output(
            String name, Exchange.Answer answer, @Nullable JsonNode json) {
        JsonNode place = call.path("outputs").path(name);
        if (place.has("header")) {
            String value =
                    answer.headers()
                            .get(place.path("header").asString("").toLowerCase(Locale.ROOT));
            return value == null ? null : ProtocolJson.string(value);
        }
        if (place.has("pointer")) {
            return json == null ? null : json.at(place.path("pointer").asString(""));
        }
        return switch (name) {
            case "status" ->
                    ProtocolJson.readTree(
                            String.valueOf(answer.status()).getBytes(StandardCharsets.US_ASCII));
            case "body" -> ProtocolJson.string(answer.body());
            default -> json == null ? null : json.path(name);
        };
    }

    private static void show(Exchange.Answer answer) {
        String text = answer.body();
        String start = text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "..." : text;
        System.out.println(start.replaceAll("[\\p{Cntrl}&&[^\\n\\t]]", "?").strip());
    }
}
