package dev.formwork.provider.aws;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.Settings;
import dev.formwork.provider.aws.OwnInstances.Seen;

import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;

import java.util.List;
import java.util.Optional;

/// Makes instances and removes them. Thread-safe.
///
/// **One token, one instance.** A `create` looks for the machine first, and then sends the token as
/// EC2's client token, by which EC2 makes one instance however often it is asked. Where it was
/// asked for with other words meanwhile (a newer image came out, the engine has another address)
/// EC2 says so, and the instance that it made is looked for. What EC2 has made it may not show for
/// some seconds: `create` waits until it does, as afterwards "not there" means gone.
final class Ec2Instances implements InstanceLifecycle {
    private final String provider;
    private final AwsCalls calls;
    private final OwnInstances own;
    private final Launch launch;

    Ec2Instances(String provider, AwsCalls calls, OwnInstances own, Launch launch) {
        this.provider = provider;
        this.calls = calls;
        this.own = own;
        this.launch = launch;
    }

    @Override
    public Instance create(OperationToken token, InstanceRequest request) {
        calls.begin();
        MachineSpec spec = MachineSpec.read(Settings.spec(provider, request.spec()));
        Optional<Seen> earlier =
                own.list(Marks.of(request.machine())).stream()
                        .filter(seen -> !seen.isGone())
                        .findFirst();
        if (earlier.isPresent()) {
            return own.instance(sameWish(earlier.get(), token, request));
        }
        Filter made =
                launched(token, request, spec)
                        .map(id -> Marks.filter("instance-id", id))
                        .orElseGet(() -> ofToken(token));
        Seen shown =
                calls.await(
                        "EC2 shows the instance of machine " + request.machine(),
                        () -> own.list(made).stream().findFirst());
        own.justMade().add(shown.id());
        return own.instance(sameWish(shown, token, request));
    }

    private Filter ofToken(OperationToken token) {
        return Marks.filter("client-token", own.marks().clientToken(token));
    }

    /// As [Launch#run]. What EC2 took back before anybody saw it has its reason still.
    private Optional<String> launched(
            OperationToken token, InstanceRequest request, MachineSpec spec) {
        try {
            return launch.run(token, request, spec);
        } catch (ProblemException refused) {
            if (AwsFailure.isOfAnEndedInstance(refused)) {
                own.list(ofToken(token)).forEach(Ec2Instances::requireRoom);
            }
            throw refused;
        }
    }

    /// The instance, if it is the one that is asked for, and not on its way out.
    private static Seen sameWish(Seen seen, OperationToken token, InstanceRequest request) {
        if (!seen.mark().machine().equals(request.machine())) {
            throw ProviderCode.CONFLICT.problem(
                    "token %s made machine %s".formatted(token, seen.mark().machine()),
                    "use a new token");
        }
        if (!seen.mark().token().equals(token)) {
            throw ProviderCode.CONFLICT.problem(
                    "machine %s has instance %s already, made by token %s"
                            .formatted(request.machine(), seen.id(), seen.mark().token()),
                    "delete it first");
        }
        if (seen.state() == InstanceStateName.SHUTTING_DOWN || seen.isGone()) {
            requireRoom(seen);
            throw ProviderCode.CONFLICT.problem(
                    "instance %s of this token ends: %s".formatted(seen.id(), reason(seen)),
                    "finish its delete, and use a new token");
        }
        return seen;
    }

    /// EC2 may take a wish, and find later that it cannot fulfil it, or no longer.
    private static void requireRoom(Seen seen) {
        String code = reasonCode(seen);
        if (AwsFailure.isQuota(code) || AwsFailure.isTakenBack(code)) {
            throw ProviderCode.QUOTA.problem(
                    "instance %s could not start: %s".formatted(seen.id(), reason(seen)),
                    "another type or zone, or a higher limit of the account");
        }
    }

    /// Such as `Server.InsufficientInstanceCapacity`.
    private static String reasonCode(Seen seen) {
        return seen.instance().stateReason() == null
                ? ""
                : String.valueOf(seen.instance().stateReason().code());
    }

    private static String reason(Seen seen) {
        return seen.instance().stateReason() == null
                ? "no reason is said"
                : String.valueOf(seen.instance().stateReason().message());
    }

    @Override
    public Optional<Instance> find(InstanceRef ref) {
        calls.begin();
        return own.find(ref).map(own::instance);
    }

    @Override
    public List<Instance> list() {
        calls.begin();
        return own.present().stream().map(own::instance).toList();
    }

    /// Its disks go with it, all of them ([Launch]), and so does the request of a spot instance.
    @Override
    public void delete(OperationToken token, InstanceRef ref) {
        calls.begin();
        Optional<Seen> seen = own.find(ref);
        if (seen.isEmpty()) {
            return;
        }
        if (seen.get().state() != InstanceStateName.SHUTTING_DOWN) {
            terminate(seen.get().id());
        }
        calls.await(
                "instance %s is gone".formatted(ref),
                () -> Optional.of(true).filter(_ -> own.find(ref).isEmpty()));
    }

    private void terminate(String id) {
        calls.ec2Where(
                "end instance " + id,
                ec2 -> {
                    try {
                        return Optional.of(ec2.terminateInstances(each -> each.instanceIds(id)));
                    } catch (Ec2Exception refused) {
                        if (AwsFailure.isOfAnUnknownInstance(refused)) {
                            own.requireNotJustMade(id);
                            return Optional.empty();
                        }
                        throw refused;
                    }
                });
    }
}
