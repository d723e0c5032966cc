package dev.formwork.provider.aws;

import dev.formwork.model.hardware.Hardware;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.InstanceState;
import dev.formwork.provider.ProviderCode;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.Reservation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The instances of this engine, as EC2 describes them now. Thread-safe.
final class OwnInstances {
    private static final Pattern ID = Pattern.compile("i-[0-9a-f]{8}([0-9a-f]{9})?");

    private final AwsCalls calls;
    private final Marks marks;
    private final JustMade justMade;
    private final boolean publicAddress;

    /// @param publicAddress whether a machine is reached at its public address
    OwnInstances(AwsCalls calls, Marks marks, JustMade justMade, boolean publicAddress) {
        this.calls = calls;
        this.marks = marks;
        this.justMade = justMade;
        this.publicAddress = publicAddress;
    }

    /// One instance with our mark on it.
    record Seen(software.amazon.awssdk.services.ec2.model.Instance instance, Marks.Mark mark) {
        String id() {
            return instance.instanceId();
        }

        InstanceStateName state() {
            return instance.state().name();
        }

        /// EC2 shows it for an hour more; nothing is left of it.
        boolean isGone() {
            return state() == InstanceStateName.TERMINATED;
        }
    }

    Marks marks() {
        return marks;
    }

    JustMade justMade() {
        return justMade;
    }

    /// The instance, where it is there and ours.
    Optional<Seen> find(InstanceRef ref) {
        return ID.matcher(ref.value()).matches()
                ? describe(ref.value()).filter(seen -> !seen.isGone())
                : Optional.empty();
    }

    /// @throws dev.formwork.model.ProblemException `provider.not-found`
    Seen require(InstanceRef ref) {
        return find(ref)
                .orElseThrow(() ->
                        ProviderCode.NOT_FOUND.problem("this engine has no instance " + ref, null));
    }

    private Optional<Seen> describe(String id) {
        Optional<Seen> seen =
                calls
                        .ec2Where(
                                "look at instance " + id,
                                ec2 -> {
                                    Optional<DescribeInstancesResponse> answer = look(ec2, id);
                                    if (answer.stream().flatMap(this::ours).findFirst().isEmpty()) {
                                        requireNotJustMade(id);
                                    }
                                    return answer;
                                })
                        .stream()
                        .flatMap(this::ours)
                        .findFirst();
        seen.filter(Seen::isGone).ifPresent(gone -> justMade.ended(id));
        return seen;
    }

    private static Optional<DescribeInstancesResponse> look(Ec2Client ec2, String id) {
        try {
            return Optional.of(ec2.describeInstances(each -> each.instanceIds(id)));
        } catch (Ec2Exception refused) {
            if (AwsFailure.isOfAnUnknownInstance(refused)) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    /// @throws dev.formwork.model.ProblemException `provider.unavailable` where EC2 does not know
    ///   an instance that it has just made: it is not gone
    void requireNotJustMade(String id) {
        if (justMade.contains(id)) {
            throw ProviderCode.UNAVAILABLE.problem(
                    "EC2 has just made instance %s, and does not know it everywhere yet"
                            .formatted(id),
                    "ask again");
        }
    }

    /// All that are there: those of a list, and those which it does not show yet.
    List<Seen> present() {
        List<Seen> all =
                new ArrayList<>(
                        list(
                                Marks.filter(
                                        "instance-state-name",
                                        "pending",
                                        "running",
                                        "stopping",
                                        "stopped",
                                        "shutting-down")));
        Set<String> listed = all.stream().map(Seen::id).collect(Collectors.toSet());
        for (String id : justMade.all()) {
            if (!listed.contains(id)) {
                describe(id).ifPresent(all::add);
            }
        }
        all.removeIf(Seen::isGone);
        return all;
    }

    /// All that there are, over all pages, those that are gone too.
    ///
    /// @param filters beside that for this engine
    List<Seen> list(Filter... filters) {
        List<Filter> all = new ArrayList<>(List.of(filters));
        all.add(marks.ofThisEngine());
        return AwsCalls.pages(
                        next ->
                                calls.ec2(
                                        "list instances",
                                        ec2 ->
                                                ec2.describeInstances(it ->
                                                        it.filters(all)
                                                                .maxResults(AwsCalls.PAGE)
                                                                .nextToken(next))),
                        DescribeInstancesResponse::nextToken)
                .stream()
                .flatMap(this::ours)
                .toList();
    }

    private Stream<Seen> ours(DescribeInstancesResponse answer) {
        return answer.reservations().stream()
                .map(Reservation::instances)
                .flatMap(List::stream)
                .flatMap(each ->
                        marks
                                .read(each.instanceId(), each.tags())
                                .map(mark -> new Seen(each, mark))
                                .stream());
    }

    Instance instance(Seen seen) {
        return new Instance(
                new InstanceRef(seen.id()),
                seen.mark().machine(),
                seen.mark().name(),
                address(seen),
                state(seen.state()),
                createdAt(seen.instance()),
                seen.mark().labels(),
                Hardware.NONE);
    }

    private @Nullable String address(Seen seen) {
        String address =
                publicAddress
                        ? seen.instance().publicIpAddress()
                        : seen.instance().privateIpAddress();
        return address == null || address.isEmpty() ? null : address;
    }

    private static InstanceState state(InstanceStateName state) {
        return switch (state) {
            case PENDING -> InstanceState.STARTING;
            case RUNNING -> InstanceState.RUNNING;
            case STOPPING, STOPPED -> InstanceState.STOPPED;
            case SHUTTING_DOWN, TERMINATED -> InstanceState.DELETING;
            case UNKNOWN_TO_SDK_VERSION ->
                    throw ProviderCode.UNAVAILABLE.problem(
                            "an instance is in a state that we do not know", null);
        };
    }

    /// The launch time is that of the last start; its disk and its card came when it was made.
    private static Instant createdAt(software.amazon.awssdk.services.ec2.model.Instance instance) {
        return Stream.concat(
                        Stream.ofNullable(instance.launchTime()),
                        instance.networkInterfaces().stream()
                                .flatMap(card -> Stream.ofNullable(card.attachment()))
                                .flatMap(each -> Stream.ofNullable(each.attachTime())))
                .min(Instant::compareTo)
                .orElse(Instant.EPOCH);
    }
}
