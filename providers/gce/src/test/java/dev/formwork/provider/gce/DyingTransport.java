package dev.formwork.provider.gce;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The way to a place, on which an engine dies: before a request is sent that changes something,
/// and before its answer is read.
final class DyingTransport extends HttpTransport {
    private final Consumer<String> steps;

    /// @param steps is told each step before it is taken, and may throw
    DyingTransport(Consumer<String> steps) {
        this.steps = steps;
    }

    @Override
    protected LowLevelHttpRequest buildRequest(String method, String url) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
        connection.setRequestMethod(method);
        boolean changes = !method.equals("GET") && !url.endsWith(TokenEndpoint.PATH);
        return new Request(connection, changes ? steps : _ -> {});
    }

    private static final class Request extends LowLevelHttpRequest {
        private final HttpURLConnection connection;
        private final Consumer<String> steps;

        Request(HttpURLConnection connection, Consumer<String> steps) {
            this.connection = connection;
            this.steps = steps;
        }

        @Override
        public void addHeader(String name, String value) {
            connection.addRequestProperty(name, value);
        }

        @Override
        public LowLevelHttpResponse execute() throws IOException {
            steps.accept("send " + connection.getURL());
            // Others have an empty one, and with it would be a POST.
            if (getStreamingContent() != null && connection.getRequestMethod().equals("POST")) {
                ByteArrayOutputStream body = new ByteArrayOutputStream();
                getStreamingContent().writeTo(body);
                connection.setDoOutput(true);
                connection.setRequestProperty("Content-Type", getContentType());
                if (getContentEncoding() != null) {
                    connection.setRequestProperty("Content-Encoding", getContentEncoding());
                }
                connection.getOutputStream().write(body.toByteArray());
            }
            Response response = new Response(connection);
            steps.accept("read the answer of " + connection.getURL());
            return response;
        }
    }

    private static final class Response extends LowLevelHttpResponse {
        private final HttpURLConnection connection;
        private final int status;
        private final List<Map.Entry<String, String>> headers = new ArrayList<>();

        Response(HttpURLConnection connection) throws IOException {
            this.connection = connection;
            this.status = connection.getResponseCode();
            connection
                    .getHeaderFields()
                    .forEach((name, values) -> {
                        if (name != null) {
                            values.forEach(value -> headers.add(Map.entry(name, value)));
                        }
                    });
        }

        @Override
        public @Nullable InputStream getContent() throws IOException {
            return status < 400 ? connection.getInputStream() : connection.getErrorStream();
        }

        @Override
        public @Nullable String getContentEncoding() {
            return connection.getContentEncoding();
        }

        @Override
        public long getContentLength() {
            return connection.getContentLengthLong();
        }

        @Override
        public @Nullable String getContentType() {
            return connection.getContentType();
        }

        @Override
        public String getStatusLine() {
            return "HTTP/1.1 " + status;
        }

        @Override
        public int getStatusCode() {
            return status;
        }

        @Override
        public String getReasonPhrase() {
            return "";
        }

        @Override
        public int getHeaderCount() {
            return headers.size();
        }

        @Override
        public String getHeaderName(int index) {
            return headers.get(index).getKey();
        }

        @Override
        public String getHeaderValue(int index) {
            return headers.get(index).getValue();
        }
    }
}
