package dev.formwork.provider.openstack;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.OperationToken;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Whose a server is: what its metadata says.
///
/// Nova holds metadata of 255 characters a key and a value, but no slash in a key and, where its
/// database counts three bytes to a character, nothing beyond the first 65,536 of Unicode: see
/// [#pieces].
record Mark(
        EngineId engine,
        MachineId machine,
        OperationToken token,
        String name,
        Map<String, String> labels) {

    static final String ENGINE = "formwork:engine";
    static final String MACHINE = "formwork:machine";
    static final String TOKEN = "formwork:token";
    static final String NAME = "formwork:name";

    /// The id of the port that was made for the server.
    static final String PORT = "formwork:port";

    /// There where the server is to have a floating address.
    static final String FLOATING = "formwork:floating";

    /// There while the server is switched off, because that was asked for.
    static final String OFF = "formwork:off";

    private static final String LABEL = "label:";
    private static final int LONGEST = 255;

    /// Sixteen bits of a character beyond the first 65,536 become one of these, and back.
    private static final int SURROGATES = 0xd800;

    private static final int SURROGATES_END = 0xe000;
    private static final int PRIVATE = 0xe000;
    private static final int PRIVATE_END = 0xe800;
    private static final char ESCAPE = 0xe800;

    Mark {
        labels = Map.copyOf(labels);
    }

    static Mark of(EngineId engine, OperationToken token, InstanceRequest request) {
        return new Mark(engine, request.machine(), token, request.name(), request.labels());
    }

    ServerName ref() {
        return ServerName.of(name, machine, token);
    }

    InstanceRef instanceRef() {
        return ref().ref();
    }

    /// What Nova is told, and with what it finds the server.
    List<String> tags() {
        return List.of(Tags.engine(engine), Tags.machine(machine), Tags.token(ref().token()));
    }

    Map<String, String> metadata() {
        Map<String, String> all = new TreeMap<>();
        all.put(ENGINE, engine.value());
        all.put(MACHINE, machine.value());
        all.put(TOKEN, token.value());
        all.put(NAME, name);
        labels.forEach((key, value) -> {
            String[] pieces = pieces(encoded(value));
            for (int i = 0; i < pieces.length; i++) {
                all.put(LABEL + key.replace('/', ':') + (i == 0 ? "" : " " + i), pieces[i]);
            }
        });
        return all;
    }

    /// Empty where it is not what [#metadata] makes: it is nobody's, or somebody changed it.
    static Optional<Mark> parse(Map<String, String> metadata) {
        if (!metadata.containsKey(ENGINE)
                || !metadata.containsKey(MACHINE)
                || !metadata.containsKey(TOKEN)
                || !metadata.containsKey(NAME)) {
            return Optional.empty();
        }
        Map<String, String> labels = new HashMap<>();
        metadata.forEach((key, value) -> {
            if (key.startsWith(LABEL) && key.indexOf(' ') < 0) {
                StringBuilder whole = new StringBuilder(value);
                for (int i = 1; metadata.containsKey(key + " " + i); i++) {
                    whole.append(metadata.get(key + " " + i));
                }
                labels.put(
                        key.substring(LABEL.length()).replace(':', '/'), decoded(whole.toString()));
            }
        });
        try {
            Mark mark =
                    new Mark(
                            new EngineId(metadata.getOrDefault(ENGINE, "")),
                            new MachineId(metadata.getOrDefault(MACHINE, "")),
                            new OperationToken(metadata.getOrDefault(TOKEN, "")),
                            metadata.getOrDefault(NAME, ""),
                            labels);
            mark.ref();
            return Optional.of(mark);
        } catch (ProblemException | IllegalArgumentException changed) {
            return Optional.empty();
        }
    }

    private static String[] pieces(String text) {
        String[] pieces = new String[Math.max(1, (text.length() + LONGEST - 1) / LONGEST)];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = text.substring(i * LONGEST, Math.min(text.length(), (i + 1) * LONGEST));
        }
        return pieces;
    }

    private static String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (each >= PRIVATE && each <= ESCAPE) {
                encoded.append(ESCAPE).append(each);
            } else if (each >= SURROGATES && each < SURROGATES_END) {
                encoded.append((char) (each - SURROGATES + PRIVATE));
            } else {
                encoded.append(each);
            }
        }
        return encoded.toString();
    }

    private static String decoded(String text) {
        StringBuilder decoded = new StringBuilder();
        boolean isEscaped = false;
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (!isEscaped && each == ESCAPE) {
                isEscaped = true;
                continue;
            }
            boolean isShifted = !isEscaped && each >= PRIVATE && each < PRIVATE_END;
            decoded.append(isShifted ? (char) (each - PRIVATE + SURROGATES) : each);
            isEscaped = false;
        }
        return decoded.toString();
    }
}
