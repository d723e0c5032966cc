package dev.formwork.provider.redfish;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What a service was asked.
///
/// @param path without the query
/// @param query without the `?`; empty where there is none
/// @param headers by their names in lower case
record RedfishRequest(
        String method, String path, String query, Map<String, String> headers, String body) {
    RedfishRequest {
        Map<String, String> lower = new TreeMap<>();
        headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
        headers = Map.copyOf(lower);
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    boolean reads() {
        return method.equals("GET") || method.equals("HEAD");
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
