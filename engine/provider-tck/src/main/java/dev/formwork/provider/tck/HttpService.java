package dev.formwork.provider.tck;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a test's server does with one request. Called by many threads at once.
@FunctionalInterface
public interface HttpService {
    Response answer(Request request);

    /// One request, as it came.
    ///
    /// @param target path and query, undecoded: a signature is of these very characters
    /// @param headers by name in lower case
    /// @param body UTF-8
    record Request(String method, URI target, Map<String, List<String>> headers, String body) {
        /// The first header of this name, in whatever case.
        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)))
                    .filter(values -> !values.isEmpty())
                    .map(List::getFirst);
        }
    }

    /// One answer.
    ///
    /// @param headers beside those that say how long it is
    /// @param body UTF-8
    record Response(int status, Map<String, String> headers, String body) {
        public Response {
            headers = Map.copyOf(headers);
        }

        public static Response of(int status, String type, String body) {
            return new Response(status, Map.of("Content-Type", type), body);
        }

        public static Response json(int status, String body) {
            return of(status, "application/json", body);
        }

        /// The same with one header more.
        public Response with(String name, String value) {
            Map<String, String> more = new TreeMap<>(headers);
            more.put(name, value);
            return new Response(status, more, body);
        }
    }
}
