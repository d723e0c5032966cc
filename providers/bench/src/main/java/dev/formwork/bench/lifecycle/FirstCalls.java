package dev.formwork.bench.lifecycle;

import dev.formwork.agent.protocol.Facts;
import dev.formwork.agent.protocol.ProtocolJson;
import dev.formwork.agent.protocol.Register;
import dev.formwork.provider.InstanceRequest;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/// What an agent does first, and by which its machine is ready: it registers. There is nothing else
/// for it to do here. Thread-safe.
final class FirstCalls {
    private static final String CREDENTIAL = "c".repeat(43);

    private final URI engine;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    FirstCalls(URI engine) {
        this.engine = engine;
    }

    /// Returns at once.
    void begin(InstanceRequest request) {
        Thread.ofVirtual()
                .name("first-call-" + request.name())
                .start(() -> {
                    try {
                        register(request);
                    } catch (IOException e) {
                        System.err.println(request.name() + ": " + e);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    private void register(InstanceRequest request) throws IOException, InterruptedException {
        Register first =
                new Register(
                        request.bootToken().reveal(),
                        CREDENTIAL,
                        "bench",
                        "boot-1",
                        facts(request.name()));
        HttpResponse<String> answer =
                http.send(
                        HttpRequest.newBuilder(engine.resolve("/agent/v1/register"))
                                .header("Content-Type", "application/json")
                                .header("Formwork-Protocol", "1")
                                .POST(
                                        HttpRequest.BodyPublishers.ofByteArray(
                                                ProtocolJson.write(first)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("its agent was refused: " + answer.body());
        }
    }

    private static Facts facts(String name) {
        return new Facts(
                name,
                null,
                new Facts.Os("debian", "12", null),
                new Facts.Cpu("amd64", 1, null),
                new Facts.Memory(1L << 30),
                List.of(),
                List.of(),
                null,
                null,
                new Facts.Root("ext4", true),
                null);
    }
}
