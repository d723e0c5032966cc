package dev.formwork.agent.protocol;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// How a job ended. Prints without its outputs.
///
/// @param exitCode of the script or the check, where one ended by itself
/// @param code `area.reason`, where the exit code does not say it all
/// @param detail for people
/// @param outputs by name; types are not checked yet
/// @param logBytes length of the attempt's whole log, as it was sent
/// @param bootId of the boot in which the report was made
public record Report(
        long token,
        int phase,
        Outcome outcome,
        @Nullable Integer exitCode,
        @Nullable String code,
        @Nullable String detail,
        Map<String, JsonNode> outputs,
        long logBytes,
        String bootId) {
    public Report {
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(bootId, "bootId");
        outputs =
                outputs == null
                        ? Map.of()
                        : Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        if (logBytes < 0) {
            throw new IllegalArgumentException("logBytes is negative");
        }
    }

    @Override
    public String toString() {
        return "Report[token "
                + token
                + ", phase "
                + phase
                + ", "
                + outcome.wireName()
                + (code == null ? "" : ", " + code)
                + (detail == null ? "" : ", " + detail)
                + "]";
    }
}
