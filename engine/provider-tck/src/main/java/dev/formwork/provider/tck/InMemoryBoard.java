package dev.formwork.provider.tck;

import dev.formwork.model.value.Value;
import dev.formwork.provider.BiosAttributes;
import dev.formwork.provider.FirmwareComponent;
import dev.formwork.provider.FirmwareUpdate;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.ProviderCode;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// What one machine of an [InMemoryCloud] has a controller for: a virtual drive, firmware, a BIOS.
/// An update is over when it is looked at for the second time. Guarded by the cloud.
final class InMemoryBoard {
    private final Map<String, String> versions = new TreeMap<>(Map.of("bios", "1.0", "bmc", "1.0"));
    private final Map<String, Value> bios =
            new TreeMap<>(Map.of("Turbo", Value.of(true), "NumaNodes", Value.of(2)));
    private final Map<String, Value> pending = new TreeMap<>();
    private Optional<URI> image = Optional.empty();
    private @Nullable OperationToken updatedUnder;
    private Set<String> updating = Set.of();
    private String version = "";
    private int updates;
    private int looks;

    Optional<URI> image() {
        return image;
    }

    void insert(URI next) {
        image = Optional.of(next);
    }

    void eject() {
        image = Optional.empty();
    }

    /// The machine was started anew.
    void reset() {
        bios.putAll(pending);
        pending.clear();
    }

    List<FirmwareComponent> firmware() {
        return versions.entrySet().stream()
                .map(each ->
                        new FirmwareComponent(
                                each.getKey(), each.getKey() + " firmware", each.getValue(), true))
                .toList();
    }

    /// The version is what stands before the file's ending: `bmc-2.0.img` is 2.0.
    FirmwareUpdate update(OperationToken token, URI from, Set<String> components) {
        if (!versions.keySet().containsAll(components)) {
            throw ProviderCode.CONFLICT.problem(
                    "there is no such component among " + components, "there are " + versions);
        }
        if (!token.equals(updatedUnder)) {
            String file = from.getPath().substring(from.getPath().lastIndexOf('/') + 1);
            updatedUnder = token;
            updating =
                    components.isEmpty() ? Set.copyOf(versions.keySet()) : Set.copyOf(components);
            version = file.replaceFirst("^[a-z]+-", "").replaceFirst("\\.[a-z]+$", "");
            updates++;
            looks = 0;
        }
        return now();
    }

    FirmwareUpdate progress(String id) {
        if (updates == 0 || !id.equals("update-" + updates)) {
            throw ProviderCode.CONFLICT.problem("that is not the last update", null);
        }
        looks++;
        if (looks == 2) {
            updating.forEach(each -> versions.put(each, version));
        }
        return now();
    }

    private FirmwareUpdate now() {
        boolean isDone = looks >= 2;
        return new FirmwareUpdate(
                "update-" + updates,
                isDone ? FirmwareUpdate.State.DONE : FirmwareUpdate.State.RUNNING,
                Optional.of(isDone ? 100 : looks * 50),
                List.of());
    }

    BiosAttributes bios() {
        return new BiosAttributes(bios, pending);
    }

    void setBios(Map<String, Value> attributes) {
        attributes.forEach((name, value) -> {
            Value now = bios.get(name);
            if (now == null || now.getClass() != value.getClass()) {
                throw ProviderCode.CONFLICT.problem(
                        "there is no setting %s that takes this".formatted(name), null);
            }
        });
        pending.putAll(attributes);
    }
}
