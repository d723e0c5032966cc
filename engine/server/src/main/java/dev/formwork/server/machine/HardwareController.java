package dev.formwork.server.machine;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.HardwareEvent;
import dev.formwork.provider.Identify;
import dev.formwork.provider.MachineInventory;
import dev.formwork.provider.SensorReading;
import dev.formwork.server.api.Answers;
import dev.formwork.server.api.ApiJson;
import dev.formwork.server.provider.RemoteHands;
import dev.formwork.server.security.Caller;
import dev.formwork.server.shard.Peers;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.store.Store;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What machines are made of, measure and have noted, by their providers: at the engine that has
/// the machine.
@Controller("/api/v1/machines/{machine}")
@ExecuteOn(TaskExecutors.BLOCKING)
final class HardwareController {
    private static final int MOST_EVENTS = 1000;

    private final MachinePlace place;
    private final RemoteHands hands;

    HardwareController(Store store, RemoteHands hands, Peers peers) {
        this.place = new MachinePlace(store, peers);
        this.hands = hands;
    }

    @Get("/inventory")
    HttpResponse<byte[]> inventory(HttpRequest<?> request, @PathVariable String machine) {
        return place.answer(
                request,
                machine,
                found -> Answers.ok(InventoryView.of(found, hands.inventory(found))));
    }

    @Get("/sensors")
    HttpResponse<byte[]> sensors(HttpRequest<?> request, @PathVariable String machine) {
        return place.answer(
                request,
                machine,
                found ->
                        Answers.ok(
                                new SensorsView(
                                        found.name(),
                                        hands.sensors(found).stream()
                                                .map(SensorView::of)
                                                .toList())));
    }

    @Get("/hardware-events")
    HttpResponse<byte[]> events(
            HttpRequest<?> request,
            @PathVariable String machine,
            @QueryValue(defaultValue = "100") int limit) {
        return place.answer(
                request,
                machine,
                found ->
                        Answers.ok(
                                new EventsView(
                                        found.name(),
                                        hands
                                                .events(found, Math.clamp(limit, 1, MOST_EVENTS))
                                                .stream()
                                                .map(EventView::of)
                                                .toList())));
    }

    @Post("/identify")
    HttpResponse<byte[]> identify(HttpRequest<byte[]> request, @PathVariable String machine) {
        long seconds = ApiJson.read(request.getBody(), IdentifyBody.class).seconds();
        if (seconds < 0 || seconds > Identify.LONGEST.toSeconds()) {
            throw ProblemException.of(
                    "request.malformed",
                    "a light does not blink for %d seconds".formatted(seconds),
                    "from 0, which puts it out, to " + Identify.LONGEST.toSeconds());
        }
        return place.answer(
                request,
                machine,
                found -> {
                    hands.identify(found, Duration.ofSeconds(seconds), Caller.of(request));
                    return Answers.ok(new IdentifyView(found.name(), seconds));
                });
    }

    private static String word(SensorReading.Health health) {
        return health.name().toLowerCase(Locale.ROOT);
    }

    private record IdentifyBody(long seconds) {}

    private record IdentifyView(String machine, long seconds) {}

    private record InventoryView(
            String machine,
            MachineInventory.Part system,
            List<MachineInventory.Part> parts,
            List<MachineInventory.Firmware> firmware) {
        static InventoryView of(Machine machine, MachineInventory found) {
            return new InventoryView(
                    machine.name(), found.system(), found.parts(), found.firmware());
        }
    }

    private record SensorsView(String machine, List<SensorView> sensors) {}

    private record SensorView(
            String name, Optional<Double> value, String unit, String health, String state) {
        static SensorView of(SensorReading reading) {
            return new SensorView(
                    reading.name(),
                    reading.value().isPresent()
                            ? Optional.of(reading.value().getAsDouble())
                            : Optional.empty(),
                    reading.unit(),
                    word(reading.health()),
                    reading.state());
        }
    }

    private record EventsView(String machine, List<EventView> events) {}

    private record EventView(
            String id, Optional<Instant> at, String source, String message, String health) {
        static EventView of(HardwareEvent event) {
            return new EventView(
                    event.id(), event.at(), event.source(), event.message(), word(event.health()));
        }
    }
}
