package dev.formwork.provider.ssh;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.Names;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.OperationToken;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Whose a host is: what the file `mark` on it says, one line for each thing.
///
/// @param ref of [HostRef#mark]
/// @param claim a number made up for this one taking of the host: a later one has another
/// @param host the name by which the host was taken; it may have others
record Mark(
        EngineId engine,
        String ref,
        String claim,
        String host,
        MachineId machine,
        OperationToken token,
        String name,
        Instant createdAt,
        Map<String, String> labels) {

    private static final String FIRST = "formwork 1";

    Mark {
        labels = Map.copyOf(labels);
        if (!Names.LABEL.matcher(name).matches()) {
            throw new IllegalArgumentException("not a machine's name");
        }
        if (!ref.equals(HostRef.mark(machine, token))) {
            throw new IllegalArgumentException("the reference is another's");
        }
    }

    static Mark of(
            EngineId engine,
            OperationToken token,
            InstanceRequest request,
            String claim,
            String host,
            Instant createdAt) {
        return new Mark(
                engine,
                HostRef.mark(request.machine(), token),
                claim,
                host,
                request.machine(),
                token,
                request.name(),
                createdAt,
                request.labels());
    }

    /// For the file. None of it can be mistaken for a part of a script.
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(FIRST);
        lines.add("engine " + engine);
        lines.add("ref " + ref);
        lines.add("claim " + claim);
        lines.add("host " + host);
        lines.add("machine " + machine);
        lines.add("token " + token);
        lines.add("name " + name);
        lines.add("created " + createdAt);
        new TreeMap<>(labels)
                .forEach((key, value) ->
                        lines.add("label %s %s".formatted(encoded(key), encoded(value))));
        return lines;
    }

    /// @throws IllegalArgumentException where they are not what [#lines] makes
    static Mark parse(List<String> lines) {
        if (lines.isEmpty() || !lines.getFirst().equals(FIRST)) {
            throw new IllegalArgumentException("not a mark of format 1");
        }
        Map<String, String> fields = new HashMap<>();
        Map<String, String> labels = new HashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] words = line.split(" ", 3);
            if (words.length == 3 && words[0].equals("label")) {
                labels.put(decoded(words[1]), decoded(words[2]));
            } else if (words.length == 2) {
                fields.put(words[0], words[1]);
            } else {
                throw new IllegalArgumentException("not a line of a mark");
            }
        }
        return new Mark(
                new EngineId(field(fields, "engine")),
                field(fields, "ref"),
                field(fields, "claim"),
                field(fields, "host"),
                new MachineId(field(fields, "machine")),
                new OperationToken(field(fields, "token")),
                field(fields, "name"),
                instant(field(fields, "created")),
                labels);
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (java.time.DateTimeException wrong) {
            throw new IllegalArgumentException(wrong);
        }
    }

    private static String field(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no " + name);
        }
        return value;
    }

    /// Never empty: `read` in a shell sees words only.
    private static String encoded(String text) {
        return "b" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String text) {
        return new String(Base64.getDecoder().decode(text.substring(1)), StandardCharsets.UTF_8);
    }
}
