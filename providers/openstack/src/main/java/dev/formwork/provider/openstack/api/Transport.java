package dev.formwork.provider.openstack.api;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Carries one request to a service and its answer back. Asks once, and follows no redirect.
/// Thread-safe.
@FunctionalInterface
public interface Transport {
    /// @throws java.net.http.HttpTimeoutException where no answer came in time
    Answer send(Call call) throws IOException, InterruptedException;

    /// One request. Its text holds tokens and passwords, so it has none of a record's.
    ///
    /// @param body JSON, or null for none
    record Call(String method, URI uri, Map<String, String> headers, @Nullable String body) {
        public Call {
            headers = Map.copyOf(headers);
        }

        @Override
        public String toString() {
            return method + " " + uri;
        }
    }

    /// One answer.
    ///
    /// @param headers by name in lower case
    record Answer(int status, Map<String, List<String>> headers, String body) {
        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)))
                    .filter(values -> !values.isEmpty())
                    .map(List::getFirst);
        }

        @Override
        public String toString() {
            return "answer " + status;
        }
    }
}
