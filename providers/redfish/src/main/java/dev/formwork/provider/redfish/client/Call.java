package dev.formwork.provider.redfish.client;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/// One HTTP request.
///
/// @param method such as `GET`
/// @param uri of the service that it goes to
/// @param headers beside those that HTTP itself needs; no redirection is followed, so that what is
///   secret in them stays with the service
/// @param body JSON; empty where there is none
/// @param patience for the whole of the answer
public record Call(
        String method, URI uri, Map<String, String> headers, String body, Duration patience) {
    public Call {
        headers = Map.copyOf(headers);
    }

    /// Whether it only reads.
    public boolean reads() {
        return method.equals("GET");
    }

    @Override
    public String toString() {
        return method + " " + uri.getPath();
    }
}
