package dev.formwork.agent.container;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Docker's own registry, on a free port of the loopback interface.
public final class RegistryProcess implements AutoCloseable {
    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();
    private final String address;

    private RegistryProcess(Process process, String address) {
        this.process = process;
        this.address = address;
    }

    public static RegistryProcess start(Path folder) throws Exception {
        String address;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = "127.0.0.1:" + free.getLocalPort();
        }
        Path config =
                Files.writeString(
                        folder.resolve("registry.yml"),
                        """
                        version: 0.1
                        log: {level: error}
                        storage: {filesystem: {rootdirectory: %s}}
                        http: {addr: "%s"}
                        """
                                .formatted(folder.resolve("registry"), address));
        Process process =
                new ProcessBuilder("docker-registry", "serve", config.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("registry.log").toFile())
                        .start();
        RegistryProcess registry = new RegistryProcess(process, address);
        while (!registry.answers()) {
            if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                throw new AssertionError(Files.readString(folder.resolve("registry.log")));
            }
        }
        return registry;
    }

    /// `127.0.0.1:PORT`.
    public String address() {
        return address;
    }

    /// Puts an image into the repository `test/image`.
    ///
    /// @param manifest its digest
    public void push(TestImage image, String manifest) throws Exception {
        for (Map.Entry<String, byte[]> blob : image.blobs().entrySet()) {
            if (blob.getKey().equals(manifest)) {
                continue;
            }
            HttpResponse<String> upload =
                    send(request("/v2/test/image/blobs/uploads/").POST(BodyPublishers.noBody()));
            URI at = URI.create(upload.headers().firstValue("Location").orElseThrow());
            HttpRequest.Builder put =
                    HttpRequest.newBuilder(
                            URI.create(
                                    at
                                            + (at.getQuery() == null ? "?" : "&")
                                            + "digest="
                                            + blob.getKey()));
            created(
                    send(
                            put.header("Content-Type", "application/octet-stream")
                                    .PUT(BodyPublishers.ofByteArray(blob.getValue()))));
        }
        byte[] document = image.blobs().getOrDefault(manifest, new byte[0]);
        created(
                send(
                        request("/v2/test/image/manifests/latest")
                                .header("Content-Type", TestImage.MANIFEST)
                                .PUT(BodyPublishers.ofByteArray(document))));
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    private boolean answers() throws InterruptedException {
        try {
            return send(request("/v2/").GET()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + address + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static void created(HttpResponse<String> answer) {
        if (answer.statusCode() != 201) {
            throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
    }
}
