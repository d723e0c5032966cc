package dev.formwork.provider.openstack.api;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.provider.openstack.api.Transport.Call;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

class HttpTransportIT {
    @Test
    void doesNotWaitForTheEndOfAnAnswerThatHasNone() throws Exception {
        CountDownLatch isGivenUp = new CountDownLatch(1);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                HttpTransport transport =
                        new HttpTransport(Optional.empty(), Duration.ofMillis(300))) {
            Thread.ofVirtual().start(() -> answerHalf(server, isGivenUp));
            URI uri = URI.create("http://127.0.0.1:%d/".formatted(server.getLocalPort()));

            assertThatExceptionOfType(HttpTimeoutException.class)
                    .isThrownBy(() -> transport.send(new Call("GET", uri, Map.of(), null)));
        } finally {
            isGivenUp.countDown();
        }
    }

    private static void answerHalf(ServerSocket server, CountDownLatch isGivenUp) {
        try (Socket socket = server.accept()) {
            InputStream request = socket.getInputStream();
            while (request.read() != '\n') {
                // Up to the end of its first line: the rest does not matter.
            }
            socket.getOutputStream()
                    .write(
                            "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"servers\": ["
                                    .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            isGivenUp.await();
        } catch (IOException closed) {
            // The test is over.
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
        }
    }
}
