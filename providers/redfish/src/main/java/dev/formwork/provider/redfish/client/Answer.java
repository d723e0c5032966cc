package dev.formwork.provider.redfish.client;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a service answered.
///
/// @param status of HTTP
/// @param headers by their names in lower case
/// @param body at most [Exchange#MOST_BYTES]
public record Answer(int status, Map<String, List<String>> headers, String body) {
    public Answer {
        Map<String, List<String>> lower = new TreeMap<>();
        headers.forEach((name, values) -> lower.put(name.toLowerCase(Locale.ROOT), values));
        headers = Map.copyOf(lower);
    }

    Optional<String> header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                .filter(value -> !value.isBlank())
                .findFirst();
    }

    boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    @Override
    public String toString() {
        return "HTTP " + status;
    }
}
