package dev.formwork.provider.gce;

import com.google.cloud.compute.v1.AggregatedListDisksRequest;
import com.google.cloud.compute.v1.AggregatedListInstancesRequest;
import com.google.cloud.compute.v1.Disk;
import com.google.cloud.compute.v1.DiskAggregatedList;
import com.google.cloud.compute.v1.GetInstanceRequest;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstanceAggregatedList;
import com.google.cloud.compute.v1.Warning;

import dev.formwork.model.EngineId;
import dev.formwork.model.ProblemException;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.ProviderCode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// What of the project is this engine's.
final class Place {
    private static final String DAMAGED = "gce.damaged-marks";

    private final EngineId engine;
    private final Compute compute;

    Place(EngineId engine, Compute compute) {
        this.engine = engine;
        this.compute = compute;
    }

    EngineId engine() {
        return engine;
    }

    /// The instance of this name, whosever it is. A name is looked up where it is, so this sees
    /// what a list does not show yet.
    Optional<Instance> named(String zone, String name) {
        try {
            return Optional.of(
                    compute.call(
                            connection -> connection.instances().getCallable(),
                            project ->
                                    GetInstanceRequest.newBuilder()
                                            .setProject(project)
                                            .setZone(zone)
                                            .setInstance(name)
                                            .build()));
        } catch (ProblemException failed) {
            if (!failed.code().equals(ProviderCode.NOT_FOUND.code())) {
                throw failed;
            }
            // Where the project is not found, nothing is known of its instances.
            if (!String.valueOf(failed.getMessage()).contains("instances/" + name)) {
                throw ProviderCode.CREDENTIALS.problem(
                        "the project or the zone is not there for these credentials: "
                                + failed.problems().getFirst().detail(),
                        "see project and credentials_file",
                        failed);
            }
            return Optional.empty();
        }
    }

    /// The instance that a reference means.
    Optional<Instance> find(InstanceRef ref) {
        return GceRef.of(ref)
                .flatMap(ours -> named(ours.zone(), ours.name()).filter(found -> is(found, ours)));
    }

    /// @throws ProblemException `provider.not-found`
    Instance required(InstanceRef ref) {
        return find(ref)
                .orElseThrow(() ->
                        ProviderCode.NOT_FOUND.problem(
                                "engine %s has no instance %s".formatted(engine, ref), null));
    }

    /// Whether it is ours, and made under the token of the reference.
    boolean is(Instance instance, GceRef ref) {
        return isOurs(instance) && instance.getLabelsOrDefault(Marks.TOKEN, "").equals(ref.token());
    }

    /// The labels say it. Where the metadata does not, somebody has written over it (who sets one
    /// item sets all): then nothing is known of an instance that is there.
    private boolean isOurs(Instance instance) {
        if (!instance.getLabelsOrDefault(Marks.ENGINE, "").equals(Marks.engine(engine))) {
            return false;
        }
        if (Marks.of(instance).filter(marks -> marks.engine().equals(engine)).isEmpty()) {
            throw ProblemException.of(
                    DAMAGED,
                    "instance %s has the labels of engine %s, and not its metadata"
                            .formatted(instance.getName(), engine),
                    "give it its items formwork-* back, or take its label %s away"
                            .formatted(Marks.ENGINE));
        }
        return true;
    }

    /// Ours that have these labels too; from all zones.
    ///
    /// @param also an expression of Google's filters; may be empty
    List<Instance> instances(String also) {
        List<Instance> all = new ArrayList<>();
        throughPages(page -> {
            InstanceAggregatedList answer =
                    compute.call(
                            connection -> connection.instances().aggregatedListCallable(),
                            project ->
                                    AggregatedListInstancesRequest.newBuilder()
                                            .setProject(project)
                                            .setFilter(filter(also))
                                            .setPageToken(page)
                                            .build());
            requireWhole(answer.getUnreachablesList(), answer.getWarning());
            answer.getItemsMap()
                    .forEach((_, zone) -> {
                        requireWhole(List.of(), zone.getWarning());
                        zone.getInstancesList().stream().filter(this::isOurs).forEach(all::add);
                    });
            return answer.getNextPageToken();
        });
        return all;
    }

    /// Our disks that no instance uses; from all zones.
    List<Disk> looseDisks(String also) {
        List<Disk> all = new ArrayList<>();
        throughPages(page -> {
            DiskAggregatedList answer =
                    compute.call(
                            connection -> connection.disks().aggregatedListCallable(),
                            project ->
                                    AggregatedListDisksRequest.newBuilder()
                                            .setProject(project)
                                            .setFilter(filter(also))
                                            .setPageToken(page)
                                            .build());
            requireWhole(answer.getUnreachablesList(), answer.getWarning());
            answer.getItemsMap()
                    .forEach((_, zone) -> {
                        requireWhole(List.of(), zone.getWarning());
                        zone.getDisksList().stream().filter(this::isLoose).forEach(all::add);
                    });
            return answer.getNextPageToken();
        });
        return all;
    }

    /// @param look at one page; says what the next is called, or nothing
    private static void throughPages(UnaryOperator<String> look) {
        String page = "";
        do {
            page = look.apply(page);
        } while (!page.isEmpty());
    }

    private boolean isLoose(Disk disk) {
        return disk.getUsersCount() == 0
                && Marks.of(disk).filter(marks -> marks.engine().equals(engine)).isPresent();
    }

    private String filter(String also) {
        String ours = "(%s)".formatted(label(Marks.ENGINE, Marks.engine(engine)));
        return also.isEmpty() ? ours : ours + " AND (" + also + ")";
    }

    /// The expression of a filter for what has this label.
    static String label(String key, String value) {
        return "labels.%s = \"%s\"".formatted(key, value);
    }

    /// All or nothing: what is in a zone that does not answer is not gone.
    private static void requireWhole(List<String> unreachable, Warning warning) {
        boolean isPart =
                warning.getCode().equals(Warning.Code.UNREACHABLE.name())
                        || warning.getCode().equals(Warning.Code.PARTIAL_SUCCESS.name());
        if (isPart || !unreachable.isEmpty()) {
            throw ProviderCode.UNAVAILABLE.problem(
                    "Google does not reach all zones: %s %s"
                            .formatted(String.join(", ", unreachable), warning.getMessage()),
                    null);
        }
    }

    /// The last part of a resource's URL.
    static String lastPart(String url) {
        return url.substring(url.lastIndexOf('/') + 1);
    }
}
