package dev.formwork.provider.gce;

import com.google.api.gax.rpc.UnaryCallable;
import com.google.cloud.compute.v1.ListZoneOperationsRequest;
import com.google.cloud.compute.v1.Operation;
import com.google.cloud.compute.v1.OperationList;
import com.google.cloud.compute.v1.ResetInstanceRequest;
import com.google.cloud.compute.v1.StartInstanceRequest;
import com.google.cloud.compute.v1.StopInstanceRequest;

import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.PowerState;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.gce.Compute.Connection;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/// Switches instances on and off.
final class GcePower implements PowerControl {
    private static final Set<String> OFF = Set.of("STOPPED", "TERMINATED", "SUSPENDED");
    private static final Set<String> GOING_OFF = Set.of("STOPPING", "PENDING_STOP", "SUSPENDING");

    /// By which an instance is switched off by somebody.
    private static final Set<String> ASKED = Set.of("stop", "suspend");

    /// By which an instance goes off though nobody asked for it: Google took it back, its guest
    /// switched itself off, its host broke.
    private static final Set<String> UNASKED =
            Set.of(
                    "compute.instances.preempted",
                    "compute.instances.guestTerminate",
                    "compute.instances.hostError",
                    "compute.instances.terminateOnHostMaintenance");

    private final Compute compute;
    private final Place place;
    private final Operations operations;

    GcePower(Compute compute, Place place, Operations operations) {
        this.compute = compute;
        this.place = place;
        this.operations = operations;
    }

    @Override
    public PowerState power(InstanceRef ref) {
        compute.requireOpen();
        com.google.cloud.compute.v1.Instance instance = place.required(ref);
        if (OFF.contains(instance.getStatus())) {
            return wentByItself(instance) ? PowerState.LOST : PowerState.OFF;
        }
        return GOING_OFF.contains(instance.getStatus()) ? PowerState.UNKNOWN : PowerState.ON;
    }

    /// An instance does not say who switched it off: the project's operations do, for some weeks.
    private boolean wentByItself(com.google.cloud.compute.v1.Instance instance) {
        return operations(instance).stream()
                .filter(each ->
                        ASKED.contains(each.getOperationType())
                                || UNASKED.contains(each.getOperationType()))
                .max(Comparator.comparing(GcePower::startedAt).thenComparingLong(Operation::getId))
                .filter(last -> UNASKED.contains(last.getOperationType()))
                .isPresent();
    }

    /// Google says times in the time of its head office, so that those of one night in autumn are
    /// not in the order of their texts.
    private static Instant startedAt(Operation operation) {
        try {
            return OffsetDateTime.parse(operation.getInsertTime()).toInstant();
        } catch (DateTimeParseException unknown) {
            return Instant.EPOCH;
        }
    }

    private List<Operation> operations(com.google.cloud.compute.v1.Instance instance) {
        List<Operation> all = new ArrayList<>();
        String page = "";
        do {
            String token = page;
            OperationList answer =
                    compute.call(
                            connection -> connection.operations().listCallable(),
                            project ->
                                    ListZoneOperationsRequest.newBuilder()
                                            .setProject(project)
                                            .setZone(Place.lastPart(instance.getZone()))
                                            .setFilter(
                                                    "targetId = "
                                                            + Long.toUnsignedString(
                                                                    instance.getId()))
                                            .setPageToken(token)
                                            .build());
            all.addAll(answer.getItemsList());
            page = answer.getNextPageToken();
        } while (!page.isEmpty());
        return all;
    }

    @Override
    public void powerOn(OperationToken token, InstanceRef ref) {
        compute.requireOpen();
        com.google.cloud.compute.v1.Instance instance = place.required(ref);
        if (instance.getStatus().equals("SUSPENDED")) {
            throw ProviderCode.CONFLICT.problem(
                    "instance %s is suspended".formatted(instance.getName()),
                    "resume it with gcloud, or power it off first");
        }
        if (OFF.contains(instance.getStatus()) || GOING_OFF.contains(instance.getStatus())) {
            change(
                    "starting",
                    instance,
                    connection -> connection.instances().startCallable(),
                    (project, zone) ->
                            StartInstanceRequest.newBuilder()
                                    .setProject(project)
                                    .setZone(zone)
                                    .setInstance(instance.getName())
                                    .setRequestId(id(token, "start"))
                                    .build());
        }
    }

    @Override
    public void powerOff(OperationToken token, InstanceRef ref) {
        compute.requireOpen();
        com.google.cloud.compute.v1.Instance instance = place.required(ref);
        if (!OFF.contains(instance.getStatus()) || wentByItself(instance)) {
            change(
                    "stopping",
                    instance,
                    connection -> connection.instances().stopCallable(),
                    (project, zone) ->
                            StopInstanceRequest.newBuilder()
                                    .setProject(project)
                                    .setZone(zone)
                                    .setInstance(instance.getName())
                                    .setRequestId(id(token, "stop"))
                                    .build());
        }
    }

    @Override
    public void reset(OperationToken token, InstanceRef ref) {
        compute.requireOpen();
        com.google.cloud.compute.v1.Instance instance = place.required(ref);
        if (OFF.contains(instance.getStatus()) || GOING_OFF.contains(instance.getStatus())) {
            throw ProviderCode.CONFLICT.problem(
                    "instance %s is off".formatted(instance.getName()), "power it on");
        }
        change(
                "resetting",
                instance,
                connection -> connection.instances().resetCallable(),
                (project, zone) ->
                        ResetInstanceRequest.newBuilder()
                                .setProject(project)
                                .setZone(zone)
                                .setInstance(instance.getName())
                                .setRequestId(id(token, "reset"))
                                .build());
    }

    private <Q> void change(
            String what,
            com.google.cloud.compute.v1.Instance instance,
            Function<Connection, UnaryCallable<Q, Operation>> method,
            BiFunction<String, String, Q> request) {
        String zone = Place.lastPart(instance.getZone());
        operations.awaitKnown(
                "%s instance %s".formatted(what, instance.getName()),
                zone,
                compute.call(method, project -> request.apply(project, zone)));
    }

    private static String id(OperationToken token, String what) {
        return Digest.of(token.value(), what).uuid().toString();
    }
}
