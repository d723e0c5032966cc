package dev.formwork.provider.redfish;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.redfish.client.Link;
import dev.formwork.provider.redfish.client.RedfishCode;
import dev.formwork.provider.redfish.client.RedfishService;
import dev.formwork.provider.redfish.client.Resource;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The virtual drive for CDs of a system: `VirtualMedia` of the system, or of its controller.
final class VirtualDrive {
    private static final String INSERT = "#VirtualMedia.InsertMedia";
    private static final String EJECT = "#VirtualMedia.EjectMedia";

    private final ManagedSystem system;

    VirtualDrive(ManagedSystem system) {
        this.system = system;
    }

    Optional<URI> inserted() {
        return inserted(require());
    }

    void insert(URI image) {
        Resource drive = require();
        if (inserted(drive).equals(Optional.of(image))) {
            return;
        }
        if (inserted(drive).isPresent()) {
            eject(drive);
        }
        try {
            put(drive, image);
        } catch (ProblemException refused) {
            // A repeat of what was done already, its answer lost, is refused by some.
            if (!inserted().equals(Optional.of(image))) {
                throw asConflict(refused);
            }
        }
        awaitInserted(Optional.of(image));
    }

    void eject() {
        Resource drive = require();
        if (inserted(drive).isPresent()) {
            eject(drive);
        }
    }

    /// Also where there is no drive at all.
    void ejectIfThere() {
        Optional<Resource> drive = find();
        if (drive.isPresent() && inserted(drive.get()).isPresent()) {
            eject(drive.get());
        }
    }

    private void put(Resource drive, URI image) {
        RedfishService service = system.service();
        Optional<Link> insert = drive.uri("Actions", INSERT, "target");
        if (insert.isEmpty()) {
            // Quirk.MEDIA_BY_PATCH
            system.change(
                    drive,
                    Map.of(
                            "Image",
                            image.toASCIIString(),
                            "Inserted",
                            true,
                            "WriteProtected",
                            true));
            return;
        }
        Map<String, String> plain = Map.of("Image", image.toASCIIString());
        service.await(
                service.post(insert.get(), plain, refusal -> otherwise(plain, image, refusal)),
                ManagedSystem.TASK_LIMIT);
    }

    /// Quirk.MEDIA_WANTS_PROTOCOL, Quirk.MEDIA_WANTS_METHOD
    private static Optional<Map<String, ?>> otherwise(
            Map<String, String> plain, URI image, RedfishService.Refusal refusal) {
        Map<String, String> more = new LinkedHashMap<>(plain);
        if (refusal.mentions().apply("TransferProtocolType")) {
            more.put("TransferProtocolType", image.getScheme().toUpperCase(Locale.ROOT));
        }
        if (refusal.mentions().apply("TransferMethod")) {
            more.put("TransferMethod", "Stream");
        }
        return more.size() == plain.size() ? Optional.empty() : Optional.of(more);
    }

    private void eject(Resource drive) {
        Optional<Link> eject = drive.uri("Actions", EJECT, "target");
        if (eject.isPresent()) {
            // With a body: Quirk.EJECT_WANTS_BODY
            system.act(eject.get(), Map.of());
        } else {
            Map<String, Object> empty = new LinkedHashMap<>();
            empty.put("Image", null);
            empty.put("Inserted", false);
            system.change(drive, empty);
        }
        awaitInserted(Optional.empty());
    }

    private void awaitInserted(Optional<URI> wanted) {
        system.service()
                .awaitThat(
                        "the virtual drive of %s is as it was told to be"
                                .formatted(system.service().name()),
                        ManagedSystem.TASK_LIMIT,
                        () -> inserted().isPresent() == wanted.isPresent());
    }

    private static Optional<URI> inserted(Resource drive) {
        boolean isEmpty = drive.flag("Inserted").equals(Optional.of(false));
        return drive.text("Image")
                .filter(image -> !isEmpty && !image.isEmpty())
                .flatMap(VirtualDrive::uri);
    }

    private static Optional<URI> uri(String text) {
        try {
            return Optional.of(new URI(text));
        } catch (URISyntaxException notOne) {
            return Optional.of(URI.create("urn:unreadable"));
        }
    }

    private Resource require() {
        return find().orElseThrow(() ->
                ProviderCode.UNSUPPORTED.problem(
                        "%s has no virtual drive for CDs that takes an address"
                                .formatted(system.service().name()),
                        "some controllers want a licence for it"));
    }

    /// The first that takes CDs, or DVDs ([dev.formwork.provider.redfish.client.Quirk#CD_IS_DVD]);
    /// one with an action before one without.
    private Optional<Resource> find() {
        Resource now = system.read();
        List<Resource> drives = new ArrayList<>(system.members(now.link("VirtualMedia")));
        if (drives.isEmpty()) {
            for (Link manager : system.managers(now)) {
                Optional<Link> media =
                        system.optional(Optional.of(manager))
                                .flatMap(each -> each.link("VirtualMedia"));
                drives.addAll(system.members(media));
            }
        }
        List<Resource> fitting =
                drives.stream()
                        .filter(each -> {
                            List<String> types = each.texts("MediaTypes");
                            return types.contains("CD") || types.contains("DVD");
                        })
                        .toList();
        return fitting.stream()
                .filter(each -> each.uri("Actions", INSERT, "target").isPresent())
                .findFirst()
                .or(() -> fitting.stream().findFirst());
    }

    private static ProblemException asConflict(ProblemException refused) {
        return refused.code().equals(RedfishCode.REFUSED.code())
                ? ProviderCode.CONFLICT.problem(
                        refused.problems().getFirst().detail(),
                        "can the controller reach the address?",
                        refused)
                : refused;
    }
}
