package dev.formwork.server.machine;

import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;
import dev.formwork.provider.BootDevice;
import dev.formwork.provider.BootSetting;
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
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/// What machines boot from, and what is in their virtual drives, by their providers: at the engine
/// that has the machine.
@Controller("/api/v1/machines/{machine}")
@ExecuteOn(TaskExecutors.BLOCKING)
final class BootDeviceController {
    private final MachinePlace place;
    private final RemoteHands hands;

    BootDeviceController(Store store, RemoteHands hands, Peers peers) {
        this.place = new MachinePlace(store, peers);
        this.hands = hands;
    }

    @Get("/boot")
    HttpResponse<byte[]> boot(HttpRequest<?> request, @PathVariable String machine) {
        return place.answer(
                request,
                machine,
                found -> Answers.ok(BootView.of(found, hands.bootSetting(found))));
    }

    @Post("/boot")
    HttpResponse<byte[]> bootFrom(HttpRequest<byte[]> request, @PathVariable String machine) {
        BootBody wanted = ApiJson.read(request.getBody(), BootBody.class);
        BootDevice device = device(wanted.device().orElse(""));
        return place.answer(
                request,
                machine,
                found ->
                        Answers.ok(
                                BootView.of(
                                        found,
                                        hands.bootFrom(
                                                found,
                                                device,
                                                wanted.once().orElse(false),
                                                Caller.of(request)))));
    }

    @Get("/media")
    HttpResponse<byte[]> media(HttpRequest<?> request, @PathVariable String machine) {
        return place.answer(
                request, machine, found -> Answers.ok(MediaView.of(found, hands.inserted(found))));
    }

    @Post("/media/insert")
    HttpResponse<byte[]> insert(HttpRequest<byte[]> request, @PathVariable String machine) {
        URI image = ImageAddress.parse(ApiJson.read(request.getBody(), InsertBody.class).image());
        return place.answer(request, machine, found -> put(request, found, Optional.of(image)));
    }

    @Post("/media/eject")
    HttpResponse<byte[]> eject(HttpRequest<byte[]> request, @PathVariable String machine) {
        EjectBody _ = ApiJson.read(request.getBody(), EjectBody.class);
        return place.answer(request, machine, found -> put(request, found, Optional.empty()));
    }

    private HttpResponse<byte[]> put(HttpRequest<?> request, Machine machine, Optional<URI> image) {
        return Answers.ok(MediaView.of(machine, hands.insert(machine, image, Caller.of(request))));
    }

    private static BootDevice device(String word) {
        for (BootDevice device : BootDevice.values()) {
            if (word(device).equals(word)) {
                return device;
            }
        }
        throw ProblemException.of(
                "request.malformed",
                "not a device to boot from: " + Names.abbreviate(word),
                "network, disk or media");
    }

    private static String word(BootDevice device) {
        return device.name().toLowerCase(Locale.ROOT);
    }

    private record BootBody(Optional<String> device, Optional<Boolean> once) {}

    private record InsertBody(Optional<String> image) {}

    private record EjectBody() {}

    private record BootView(String machine, String always, Optional<String> once) {
        static BootView of(Machine machine, BootSetting setting) {
            return new BootView(
                    machine.name(),
                    word(setting.always()),
                    setting.once().map(BootDeviceController::word));
        }
    }

    private record MediaView(String machine, Optional<String> image) {
        static MediaView of(Machine machine, Optional<URI> image) {
            return new MediaView(machine.name(), image.map(URI::toString));
        }
    }
}
