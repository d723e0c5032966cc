package dev.formwork.system;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The engine's server-sent events since an id, as they come, until it is closed or the engine
/// ends.
final class EventStream implements AutoCloseable {
    private static final String DATA = "data: ";

    private final List<Answer.Event> received = new CopyOnWriteArrayList<>();
    private final JsonMapper json;
    private volatile boolean open;
    private final Thread reader;

    EventStream(HttpClient http, HttpRequest.Builder request, JsonMapper json) {
        this.json = json;
        this.reader =
                Thread.ofVirtual().name("events").start(() -> read(http, request.GET().build()));
    }

    /// Waits until the engine has answered: from then on nothing is missed.
    EventStream awaitOpen(Duration patience) {
        Await.until("the events are told", patience, () -> open);
        return this;
    }

    List<Answer.Event> received() {
        return List.copyOf(received);
    }

    Answer.Event await(String what, Duration patience, Predicate<Answer.Event> wanted) {
        return Await.some(what, patience, () -> received.stream().filter(wanted).findFirst());
    }

    /// States of a subject in the order in which it had them.
    List<String> states(String type, String subject) {
        return received.stream()
                .filter(event -> event.type().equals(type) && event.subject().equals(subject))
                .flatMap(event -> Optional.ofNullable(event.data().get("state")).stream())
                .map(state -> state.asString())
                .toList();
    }

    @Override
    public void close() {
        reader.interrupt();
    }

    private void read(HttpClient http, HttpRequest request) {
        try {
            HttpResponse<Stream<String>> answer = http.send(request, BodyHandlers.ofLines());
            open = true;
            try (Stream<String> lines = answer.body()) {
                lines.filter(line -> line.startsWith(DATA))
                        .map(line -> line.substring(DATA.length()))
                        .forEach(data -> received.add(json.readValue(data, Answer.Event.class)));
            }
        } catch (IOException | RuntimeException _) {
            // The engine has ended.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
