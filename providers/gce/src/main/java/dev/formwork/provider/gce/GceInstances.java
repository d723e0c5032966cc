package dev.formwork.provider.gce;

import com.google.cloud.compute.v1.DeleteDiskRequest;
import com.google.cloud.compute.v1.DeleteInstanceRequest;
import com.google.cloud.compute.v1.Disk;
import com.google.cloud.compute.v1.GetInstanceTemplateRequest;
import com.google.cloud.compute.v1.InsertInstanceRequest;
import com.google.cloud.compute.v1.InstanceProperties;
import com.google.cloud.compute.v1.Operation;

import dev.formwork.model.ProblemException;
import dev.formwork.model.hardware.Hardware;
import dev.formwork.provider.AgentInstall;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.InstanceState;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.Remembered;
import dev.formwork.provider.gce.GceSettings.AddressKind;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Instances of Compute Engine.
///
/// One token makes one instance, by two things: the request's id is made of the token, so that for
/// an hour Google itself takes a repeat for one; and the instance's name is made of the machine, so
/// that there is no second one afterwards either.
final class GceInstances implements InstanceLifecycle {
    /// How often a request goes on to a new id, because the last one belongs to a failure.
    private static final int MOST_FAILURES = 5;

    private static final String PROVISIONING = "PROVISIONING";

    private final String provider;
    private final GceSettings settings;
    private final Compute compute;
    private final Place place;
    private final Operations operations;
    private final AgentInstall install;
    private final Remembered<String, InstanceProperties> templates;

    /// @param clock by which what was looked up is forgotten
    /// @param install what an instance runs when it boots, which brings it its agent
    GceInstances(
            String provider,
            GceSettings settings,
            Compute compute,
            Place place,
            Operations operations,
            Clock clock,
            AgentInstall install) {
        this.provider = provider;
        this.settings = settings;
        this.compute = compute;
        this.place = place;
        this.operations = operations;
        this.install = install;
        this.templates = new Remembered<>(clock);
    }

    @Override
    public Instance create(OperationToken token, InstanceRequest request) {
        compute.requireOpen();
        MachineSpec spec = MachineSpec.read(provider, request.spec(), settings);
        Draft draft =
                new Draft(
                        Marks.of(place.engine(), request),
                        token,
                        spec,
                        install.script(request, spec.java()),
                        settings.address() == AddressKind.PUBLIC);
        Optional<com.google.cloud.compute.v1.Instance> found = earlier(draft);
        String zone = draft.zone();
        if (found.isPresent()) {
            // What is only being provisioned may still turn out not to be: its operation says.
            if (!found.get().getStatus().equals(PROVISIONING)) {
                return instance(found.get());
            }
            zone = Place.lastPart(found.get().getZone());
        }
        return instance(made(draft, zone));
    }

    /// The instance that was made under this token. An instance of the machine under another token,
    /// or of another machine under this one, is refused.
    private Optional<com.google.cloud.compute.v1.Instance> earlier(Draft draft) {
        String machine = Marks.machine(draft.marks().machine());
        String token = Marks.token(draft.token());
        List<com.google.cloud.compute.v1.Instance> earlier =
                place.instances(
                        "(%s) OR (%s)"
                                .formatted(
                                        Place.label(Marks.MACHINE, machine),
                                        Place.label(Marks.TOKEN, token)));
        earlier.forEach(each -> requireSame(draft, each));
        return earlier.stream().findFirst();
    }

    private void requireSame(Draft draft, com.google.cloud.compute.v1.Instance found) {
        Map<String, String> labels = draft.marks().resourceLabels(draft.token());
        for (String key : List.of(Marks.ENGINE, Marks.MACHINE, Marks.TOKEN)) {
            if (!found.getLabelsOrDefault(key, "").equals(labels.get(key))) {
                throw ProviderCode.CONFLICT.problem(
                        "there is instance %s, which is another machine's or was made under another token"
                                .formatted(found.getName()),
                        "delete it first");
            }
        }
    }

    private com.google.cloud.compute.v1.Instance made(Draft draft, String zone) {
        String name = draft.marks().resourceName();
        String what = "making instance %s in %s".formatted(name, zone);
        boolean isKnown;
        try {
            Operation operation = inserted(draft, zone, what);
            if (!Place.lastPart(operation.getTargetLink()).equals(name)) {
                throw ProviderCode.CONFLICT.problem(
                        "the token made instance " + Place.lastPart(operation.getTargetLink()),
                        "a token is of one machine");
            }
            isKnown = operations.await(what, zone, operation).isPresent();
        } catch (ProblemException failed) {
            if (failed.code().equals(ProviderCode.CONFLICT.code())) {
                return taken(draft, zone, name, failed);
            }
            throw ofSpec(failed);
        }
        // What is only being provisioned may still turn out not to be.
        return place.named(zone, name)
                .filter(found -> isKnown || !found.getStatus().equals(PROVISIONING))
                .orElseThrow(() -> Operations.forgotten(what));
    }

    /// Asks for the instance. The same id gets the same operation, also one that failed hours ago:
    /// then what is to be done again needs an id of its own, made of that failure's, so that those
    /// who ask at once still ask for one instance.
    private Operation inserted(Draft draft, String zone, String what) {
        Optional<InstanceProperties> template =
                draft.spec().template().map(name -> templates.of(name, () -> template(name)));
        String after = "";
        for (int failures = 0; ; failures++) {
            UUID id = Digest.of(draft.token().value(), "insert", after).uuid();
            Operation operation =
                    compute.call(
                            connection -> connection.instances().insertCallable(),
                            project -> {
                                InsertInstanceRequest.Builder insert =
                                        InsertInstanceRequest.newBuilder()
                                                .setProject(project)
                                                .setZone(zone)
                                                .setRequestId(id.toString())
                                                .setInstanceResource(
                                                        draft.instance(zone, template));
                                draft.spec()
                                        .template()
                                        .ifPresent(each ->
                                                insert.setSourceInstanceTemplate(
                                                        "global/instanceTemplates/" + each));
                                return insert.build();
                            });
            boolean failedBefore =
                    Operations.isOver(operation) && Refusals.of(what, operation).isPresent();
            if (!failedBefore || failures == MOST_FAILURES) {
                return operation;
            }
            after = operation.getName();
        }
    }

    private InstanceProperties template(String name) {
        return compute.call(
                        connection -> connection.templates().getCallable(),
                        project ->
                                GetInstanceTemplateRequest.newBuilder()
                                        .setProject(project)
                                        .setInstanceTemplate(name)
                                        .build())
                .getProperties();
    }

    /// What has the name already: ours, if a call with this token made it.
    private com.google.cloud.compute.v1.Instance taken(
            Draft draft, String zone, String name, ProblemException refusal) {
        com.google.cloud.compute.v1.Instance found =
                place.named(zone, name).orElseThrow(() -> refusal);
        requireSame(draft, found);
        return found;
    }

    /// A place that does not know what it is asked for refuses the spec.
    private static ProblemException ofSpec(ProblemException failed) {
        return failed.code().equals(Refusals.REFUSED)
                        || failed.code().equals(ProviderCode.NOT_FOUND.code())
                ? ProviderCode.INVALID_SPEC.problem(
                        failed.problems().getFirst().detail(),
                        "see what the group's machine names",
                        failed)
                : failed;
    }

    @Override
    public Optional<Instance> find(InstanceRef ref) {
        compute.requireOpen();
        Optional<GceRef> ours = GceRef.of(ref);
        if (ours.isEmpty()) {
            return Optional.empty();
        }
        Optional<com.google.cloud.compute.v1.Instance> found = place.find(ref);
        return found.isPresent()
                ? found.map(this::instance)
                : left(ours.get()).stream().findFirst().map(GceInstances::half);
    }

    /// What is left of an instance that is gone.
    private List<Disk> left(GceRef ref) {
        return place.looseDisks(Place.label(Marks.TOKEN, ref.token()));
    }

    @Override
    public List<Instance> list() {
        compute.requireOpen();
        Map<InstanceRef, Instance> all = new LinkedHashMap<>();
        for (com.google.cloud.compute.v1.Instance each : place.instances("")) {
            Instance instance = instance(each);
            all.put(instance.ref(), instance);
        }
        for (Disk disk : place.looseDisks("")) {
            Instance half = half(disk);
            if (!all.containsKey(half.ref())) {
                // A list may not show yet what is there: a disk is left only where nothing is.
                all.put(half.ref(), place.find(half.ref()).map(this::instance).orElse(half));
            }
        }
        return new ArrayList<>(all.values());
    }

    @Override
    public void delete(OperationToken token, InstanceRef ref) {
        compute.requireOpen();
        Optional<GceRef> ours = GceRef.of(ref);
        if (ours.isEmpty()) {
            return;
        }
        if (place.find(ref).isPresent()) {
            remove(
                    "removing instance " + ours.get().name(),
                    ours.get().zone(),
                    () -> place.find(ref).isEmpty(),
                    () ->
                            compute.call(
                                    connection -> connection.instances().deleteCallable(),
                                    project ->
                                            DeleteInstanceRequest.newBuilder()
                                                    .setProject(project)
                                                    .setZone(ours.get().zone())
                                                    .setInstance(ours.get().name())
                                                    .setRequestId(removal(token, ref.value()))
                                                    .build()));
        }
        for (Disk disk : left(ours.get())) {
            String zone = Place.lastPart(disk.getZone());
            remove(
                    "removing disk " + disk.getName(),
                    zone,
                    () -> left(ours.get()).stream().noneMatch(disk::equals),
                    () ->
                            compute.call(
                                    connection -> connection.disks().deleteCallable(),
                                    project ->
                                            DeleteDiskRequest.newBuilder()
                                                    .setProject(project)
                                                    .setZone(zone)
                                                    .setDisk(disk.getName())
                                                    .setRequestId(
                                                            removal(
                                                                    token,
                                                                    ref.value() + disk.getName()))
                                                    .build()));
        }
    }

    private static String removal(OperationToken token, String what) {
        return Digest.of(token.value(), "delete", what).uuid().toString();
    }

    /// What is gone before, or by somebody else, is gone.
    ///
    /// @param isGone looks, where Google does not say whether it came to pass
    private void remove(
            String what, String zone, BooleanSupplier isGone, Supplier<Operation> call) {
        Operation started;
        try {
            started = call.get();
        } catch (ProblemException failed) {
            if (failed.code().equals(ProviderCode.NOT_FOUND.code())) {
                return;
            }
            throw failed;
        }
        if (operations.await(what, zone, started).isEmpty() && !isGone.getAsBoolean()) {
            throw Operations.forgotten(what);
        }
    }

    private Instance instance(com.google.cloud.compute.v1.Instance found) {
        Marks marks = Marks.of(found).orElseThrow();
        GceRef ref =
                new GceRef(
                        Place.lastPart(found.getZone()),
                        found.getName(),
                        found.getLabelsOrDefault(Marks.TOKEN, ""));
        return new Instance(
                ref.ref(),
                marks.machine(),
                marks.name(),
                address(found).orElse(null),
                state(found.getStatus()),
                instant(found.getCreationTimestamp()),
                marks.labels(),
                Hardware.NONE);
    }

    /// An instance of which only a disk is left.
    private static Instance half(Disk disk) {
        Marks marks = Marks.of(disk).orElseThrow();
        GceRef ref =
                new GceRef(
                        Place.lastPart(disk.getZone()),
                        marks.resourceName(),
                        disk.getLabelsOrDefault(Marks.TOKEN, ""));
        return new Instance(
                ref.ref(),
                marks.machine(),
                marks.name(),
                null,
                InstanceState.DELETING,
                instant(disk.getCreationTimestamp()),
                Map.of(),
                Hardware.NONE);
    }

    private Optional<String> address(com.google.cloud.compute.v1.Instance found) {
        return found.getNetworkInterfacesList().stream()
                .flatMap(card ->
                        switch (settings.address()) {
                            case PRIVATE -> Stream.of(card.getNetworkIP());
                            case PUBLIC ->
                                    card.getAccessConfigsList().stream()
                                            .map(each -> each.getNatIP());
                        })
                .filter(address -> !address.isEmpty())
                .findFirst();
    }

    /// <https://cloud.google.com/compute/docs/instances/instance-lifecycle>. A machine that is
    /// being deleted is STOPPING there, like one that is only switched off.
    private static InstanceState state(String status) {
        return switch (status) {
            case "RUNNING" -> InstanceState.RUNNING;
            case "STOPPING", "PENDING_STOP", "STOPPED", "TERMINATED", "SUSPENDING", "SUSPENDED" ->
                    InstanceState.STOPPED;
            case "DEPROVISIONING" -> InstanceState.DELETING;
            // PENDING, PROVISIONING, STAGING, REPAIRING, and whatever Google will think of.
            default -> InstanceState.STARTING;
        };
    }

    private static Instant instant(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException unknown) {
            return Instant.EPOCH;
        }
    }
}
