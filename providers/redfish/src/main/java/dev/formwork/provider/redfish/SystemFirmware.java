package dev.formwork.provider.redfish;

import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.provider.BiosAttributes;
import dev.formwork.provider.FirmwareComponent;
import dev.formwork.provider.FirmwareUpdate;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.redfish.client.Link;
import dev.formwork.provider.redfish.client.Progress;
import dev.formwork.provider.redfish.client.RedfishCode;
import dev.formwork.provider.redfish.client.Resource;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Firmware and BIOS of a system: `UpdateService` and `Bios`.
final class SystemFirmware {
    /// Of an update that was over when it was answered.
    static final String AT_ONCE = "at-once";

    private static final String UPDATE = "#UpdateService.SimpleUpdate";

    private final ManagedSystem system;

    SystemFirmware(ManagedSystem system) {
        this.system = system;
    }

    List<FirmwareComponent> components() {
        return own(updateService()).values().stream().toList();
    }

    /// What is of this system, by where it is. A service with several systems says of each piece
    /// what it belongs to.
    private Map<Link, FirmwareComponent> own(Resource updates) {
        Resource now = system.read();
        List<Link> parts = new ArrayList<>(system.managers(now));
        parts.addAll(system.chassis(now));
        parts.add(system.link());
        Map<Link, FirmwareComponent> own = new LinkedHashMap<>();
        for (Resource each : system.members(updates.link("FirmwareInventory"))) {
            List<Link> related = each.links("RelatedItem");
            boolean isOurs =
                    related.isEmpty()
                            || related.stream()
                                    .anyMatch(item ->
                                            parts.stream().anyMatch(part -> isWithin(item, part)));
            if (isOurs) {
                own.put(
                        each.self(),
                        new FirmwareComponent(
                                each.self().name(),
                                each.text("Name").orElse(each.self().name()),
                                each.text("Version").orElse(""),
                                each.flag("Updateable").orElse(false)));
            }
        }
        return own;
    }

    private static boolean isWithin(Link item, Link part) {
        String above = part.path().replaceFirst("/$", "");
        return item.path().equals(above) || item.path().startsWith(above + "/");
    }

    FirmwareUpdate update(URI image, Set<String> wanted) {
        Resource updates = updateService();
        Resource action = updates.part("Actions", UPDATE);
        Link target =
                action.uri("target")
                        .orElseThrow(() -> unsupported("updates by the address of an image"));
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("ImageURI", image.toASCIIString());
        parameters.put("TransferProtocol", image.getScheme().toUpperCase(Locale.ROOT));
        List<String> targets = targets(updates, wanted);
        if (!targets.isEmpty()) {
            parameters.put("Targets", targets);
        }
        Optional<Link> task;
        try {
            task = system.service().postOnce(target, parameters);
        } catch (ProblemException refused) {
            throw asConflict(refused);
        }
        return task.map(link -> progress(link.path()))
                .orElseGet(() ->
                        new FirmwareUpdate(
                                AT_ONCE, FirmwareUpdate.State.DONE, Optional.of(100), List.of()));
    }

    /// Of a service with several systems never nothing: an image would go to all of them.
    private List<String> targets(Resource updates, Set<String> wanted) {
        boolean isShared =
                system.service()
                                .memberLinks(system.requireLink(system.service().root(), "Systems"))
                                .size()
                        > 1;
        if (wanted.isEmpty() && !isShared) {
            return List.of();
        }
        Map<Link, FirmwareComponent> own = own(updates);
        Set<String> unknown = new java.util.TreeSet<>(wanted);
        own.values().forEach(each -> unknown.remove(each.id()));
        if (!unknown.isEmpty()) {
            throw ProviderCode.CONFLICT.problem(
                    "there is no firmware component " + unknown,
                    "there are " + own.values().stream().map(FirmwareComponent::id).toList());
        }
        return own.entrySet().stream()
                .filter(each ->
                        wanted.isEmpty()
                                ? each.getValue().isUpdateable()
                                : wanted.contains(each.getValue().id()))
                .map(each -> each.getKey().path())
                .toList();
    }

    /// @param id the path of its task, or [#AT_ONCE]
    FirmwareUpdate progress(String id) {
        if (id.equals(AT_ONCE)) {
            return new FirmwareUpdate(id, FirmwareUpdate.State.DONE, Optional.of(100), List.of());
        }
        Progress now = system.service().progress(new Link(id));
        FirmwareUpdate.State state =
                switch (now.state()) {
                    case RUNNING -> FirmwareUpdate.State.RUNNING;
                    case DONE -> FirmwareUpdate.State.DONE;
                    case FAILED -> FirmwareUpdate.State.FAILED;
                };
        return new FirmwareUpdate(id, state, now.percent(), now.messages());
    }

    BiosAttributes bios() {
        Resource bios = biosNow();
        Map<String, Value> current = bios.values("Attributes");
        Map<String, Value> pending = new TreeMap<>();
        system.optional(bios.link("@Redfish.Settings", "SettingsObject"))
                .ifPresent(settings ->
                        settings.values("Attributes")
                                .forEach((name, value) -> {
                                    if (!value.equals(current.get(name))) {
                                        pending.put(name, value);
                                    }
                                }));
        return new BiosAttributes(current, pending);
    }

    void setBios(Map<String, Value> attributes) {
        Resource bios = biosNow();
        Map<String, Value> current = bios.values("Attributes");
        Map<String, Object> wanted = new TreeMap<>();
        attributes.forEach((name, value) -> {
            if (!current.containsKey(name)) {
                throw ProviderCode.CONFLICT.problem(
                        "the BIOS of %s has no attribute %s"
                                .formatted(system.service().name(), name),
                        "read them to see which there are");
            }
            wanted.put(name, plain(name, value));
        });
        Resource settings =
                system.service()
                        .read(system.requireLink(bios, "@Redfish.Settings", "SettingsObject"));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("Attributes", wanted);
        if (bios.texts("@Redfish.Settings", "SupportedApplyTimes").contains("OnReset")) {
            body.put("@Redfish.SettingsApplyTime", Map.of("ApplyTime", "OnReset"));
        }
        try {
            system.change(settings, body);
        } catch (ProblemException refused) {
            throw asConflict(refused);
        }
    }

    private static Object plain(String name, Value value) {
        return switch (value) {
            case Value.Text(String text) -> text;
            case Value.Bool(boolean truth) -> truth;
            case Value.Int(long number) -> number;
            case Value.Real(double number) -> number;
            case Value.Null _, Value.Sequence _, Value.Struct _, Value.Secret _ ->
                    throw ProviderCode.CONFLICT.problem(
                            "BIOS attribute %s takes no such value".formatted(name),
                            "a text, a number or a truth value");
        };
    }

    private Resource biosNow() {
        return system.optional(system.read().link("Bios"))
                .orElseThrow(() -> unsupported("settings of the BIOS"));
    }

    private Resource updateService() {
        return system.optional(system.service().root().link("UpdateService"))
                .orElseThrow(() -> unsupported("updates of firmware"));
    }

    private ProblemException unsupported(String what) {
        return ProviderCode.UNSUPPORTED.problem(
                "%s offers no %s".formatted(system.service().name(), what),
                "the controller cannot do that");
    }

    private static ProblemException asConflict(ProblemException refused) {
        return refused.code().equals(RedfishCode.REFUSED.code())
                ? ProviderCode.CONFLICT.problem(
                        refused.problems().getFirst().detail(),
                        refused.problems().getFirst().hint(),
                        refused)
                : refused;
    }
}
