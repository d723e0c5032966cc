package dev.formwork.server.machine;

import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.provider.BiosAttributes;
import dev.formwork.provider.FirmwareComponent;
import dev.formwork.provider.FirmwareUpdate;
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

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Firmware and BIOS of machines, by their providers: at the engine that has the machine.
@Controller("/api/v1/machines/{machine}")
@ExecuteOn(TaskExecutors.BLOCKING)
final class FirmwareController {
    private final MachinePlace place;
    private final RemoteHands hands;

    FirmwareController(Store store, RemoteHands hands, Peers peers) {
        this.place = new MachinePlace(store, peers);
        this.hands = hands;
    }

    @Get("/firmware")
    HttpResponse<byte[]> firmware(HttpRequest<?> request, @PathVariable String machine) {
        return place.answer(
                request,
                machine,
                found ->
                        Answers.ok(
                                new FirmwareView(
                                        found.name(),
                                        hands.firmware(found).stream()
                                                .map(ComponentView::of)
                                                .toList())));
    }

    @Post("/firmware/update")
    HttpResponse<byte[]> update(HttpRequest<byte[]> request, @PathVariable String machine) {
        UpdateBody wanted = ApiJson.read(request.getBody(), UpdateBody.class);
        URI image = ImageAddress.parse(wanted.image());
        Set<String> components = ids(wanted.components().orElse(List.of()));
        return place.answer(
                request,
                machine,
                found ->
                        Answers.ok(
                                UpdateView.of(
                                        found,
                                        hands.updateFirmware(
                                                found, image, components, Caller.of(request)))));
    }

    @Get("/firmware/update")
    HttpResponse<byte[]> progress(
            HttpRequest<?> request, @PathVariable String machine, @QueryValue String id) {
        return place.answer(
                request,
                machine,
                found -> Answers.ok(UpdateView.of(found, hands.firmwareUpdate(found, id))));
    }

    @Get("/bios")
    HttpResponse<byte[]> bios(HttpRequest<?> request, @PathVariable String machine) {
        return place.answer(
                request, machine, found -> Answers.ok(BiosView.of(found, hands.bios(found))));
    }

    @Post("/bios")
    HttpResponse<byte[]> setBios(HttpRequest<byte[]> request, @PathVariable String machine) {
        Map<String, Value> attributes =
                ApiJson.read(request.getBody(), BiosBody.class)
                        .set()
                        .orElseThrow(() ->
                                ProblemException.of(
                                        "request.missing-key",
                                        "set says what to set",
                                        "an object of the BIOS's own names and their values"))
                        .fields();
        return place.answer(
                request,
                machine,
                found ->
                        Answers.ok(
                                BiosView.of(
                                        found,
                                        hands.setBios(found, attributes, Caller.of(request)))));
    }

    private static Set<String> ids(List<String> components) {
        // JSON may have a null there.
        if (components.stream().anyMatch(Objects::isNull)) {
            throw ProblemException.of(
                    "request.malformed", "components has what is no id", "texts, as in firmware");
        }
        return Set.copyOf(components);
    }

    private record UpdateBody(Optional<String> image, Optional<List<String>> components) {}

    private record BiosBody(Optional<Value.Struct> set) {}

    private record FirmwareView(String machine, List<ComponentView> components) {}

    private record ComponentView(String id, String name, String version, boolean updateable) {
        static ComponentView of(FirmwareComponent component) {
            return new ComponentView(
                    component.id(),
                    component.name(),
                    component.version(),
                    component.isUpdateable());
        }
    }

    private record UpdateView(
            String machine,
            String id,
            String state,
            Optional<Integer> percent,
            List<String> messages) {
        static UpdateView of(Machine machine, FirmwareUpdate update) {
            return new UpdateView(
                    machine.name(),
                    update.id(),
                    update.state().name().toLowerCase(Locale.ROOT),
                    update.percent(),
                    update.messages());
        }
    }

    private record BiosView(
            String machine, Map<String, Value> current, Map<String, Value> pending) {
        static BiosView of(Machine machine, BiosAttributes bios) {
            return new BiosView(
                    machine.name(), new TreeMap<>(bios.current()), new TreeMap<>(bios.pending()));
        }
    }
}
