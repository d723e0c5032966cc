package dev.formwork.server.machine;

import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;
import dev.formwork.provider.ConsoleText;
import dev.formwork.provider.PowerState;
import dev.formwork.server.api.Answers;
import dev.formwork.server.api.ApiJson;
import dev.formwork.server.provider.RemoteHands;
import dev.formwork.server.security.Caller;
import dev.formwork.server.shard.Peers;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.store.Store;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import java.util.Locale;

/// Power and console of machines, by their providers: at the engine that has the machine.
@Controller("/api/v1/machines/{machine}")
@ExecuteOn(TaskExecutors.BLOCKING)
final class RemoteHandsController {
    private static final int MOST_BYTES = 1 << 20;

    private final MachinePlace place;
    private final RemoteHands hands;

    RemoteHandsController(Store store, RemoteHands hands, Peers peers) {
        this.place = new MachinePlace(store, peers);
        this.hands = hands;
    }

    @Get("/power")
    HttpResponse<byte[]> power(HttpRequest<?> request, @PathVariable String machine) {
        return place.answer(
                request, machine, found -> Answers.ok(PowerView.of(found, hands.power(found))));
    }

    @Post("/power")
    HttpResponse<byte[]> press(HttpRequest<byte[]> request, @PathVariable String machine) {
        PowerBody wanted = ApiJson.read(request.getBody(), PowerBody.class);
        RemoteHands.Button button = button(wanted.action());
        return place.answer(
                request,
                machine,
                found ->
                        Answers.ok(
                                PowerView.of(
                                        found, hands.press(found, button, Caller.of(request)))));
    }

    @Get("/console")
    HttpResponse<byte[]> console(
            HttpRequest<?> request,
            @PathVariable String machine,
            @QueryValue(defaultValue = "0") long offset,
            @QueryValue(defaultValue = "262144") int limit) {
        return place.answer(
                request,
                machine,
                found ->
                        answer(
                                hands.console(
                                        found,
                                        Math.max(0, offset),
                                        Math.clamp(limit, 1, MOST_BYTES))));
    }

    private static HttpResponse<byte[]> answer(ConsoleText text) {
        byte[] bytes = new byte[text.bytes().remaining()];
        text.bytes().duplicate().get(bytes);
        return Answers.bytes(HttpStatus.OK, bytes, "text/plain; charset=utf-8")
                .header("Formwork-Offset", Long.toString(text.offset()))
                .header("Formwork-Next-Offset", Long.toString(text.end()))
                .header("X-Content-Type-Options", "nosniff");
    }

    private static RemoteHands.Button button(String action) {
        for (RemoteHands.Button button : RemoteHands.Button.values()) {
            if (button.name().toLowerCase(Locale.ROOT).equals(action)) {
                return button;
            }
        }
        throw ProblemException.of(
                "request.malformed",
                "not an action: " + Names.abbreviate(action),
                "on, off or reset");
    }

    private record PowerBody(String action) {}

    private record PowerView(String machine, String power) {
        static PowerView of(Machine machine, PowerState power) {
            return new PowerView(machine.name(), power.name().toLowerCase(Locale.ROOT));
        }
    }
}
