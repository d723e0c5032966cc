package dev.formwork.provider.aws;

import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.PowerState;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.aws.OwnInstances.Seen;

import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Ec2Response;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.Tag;

import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Stops instances and starts them. Thread-safe.
///
/// EC2 keeps with a stopped instance why it is: whether somebody asked for that through the API, or
/// it stopped by itself or for want of its host. Who switches off what is off for such a reason
/// leaves a tag, as EC2 keeps the first reason.
final class Ec2Power implements PowerControl {
    private static final Set<String> ASKED_FOR =
            Set.of("Client.UserInitiatedShutdown", "Client.UserInitiatedHibernate");
    private static final Tag SWITCHED_OFF =
            Tag.builder().key(Marks.PREFIX + "power").value("off").build();

    private final AwsCalls calls;
    private final OwnInstances own;

    Ec2Power(AwsCalls calls, OwnInstances own) {
        this.calls = calls;
        this.own = own;
    }

    @Override
    public PowerState power(InstanceRef ref) {
        calls.begin();
        Seen seen = own.require(ref);
        return switch (seen.state()) {
            case PENDING, RUNNING -> PowerState.ON;
            case STOPPED -> isAskedFor(seen) ? PowerState.OFF : PowerState.LOST;
            case STOPPING, SHUTTING_DOWN, TERMINATED, UNKNOWN_TO_SDK_VERSION -> PowerState.UNKNOWN;
        };
    }

    private static boolean isAskedFor(Seen seen) {
        boolean tagged = seen.instance().tags().contains(SWITCHED_OFF);
        return tagged
                || seen.instance().stateReason() == null
                || ASKED_FOR.contains(seen.instance().stateReason().code());
    }

    @Override
    public void powerOn(OperationToken token, InstanceRef ref) {
        calls.begin();
        calls.await("instance %s is on".formatted(ref), () -> lookForOn(own.require(ref)));
    }

    private Optional<Boolean> lookForOn(Seen seen) {
        String id = seen.id();
        return switch (seen.state()) {
            case PENDING, RUNNING -> Optional.of(true);
            case STOPPED -> {
                if (seen.instance().tags().contains(SWITCHED_OFF)) {
                    ask(
                            id,
                            "take the tag off instance " + id,
                            ec2 -> ec2.deleteTags(it -> it.resources(id).tags(SWITCHED_OFF)));
                }
                ask(
                        id,
                        "start instance " + id,
                        ec2 -> ec2.startInstances(it -> it.instanceIds(id)));
                yield Optional.empty();
            }
            case STOPPING, UNKNOWN_TO_SDK_VERSION -> Optional.empty();
            case SHUTTING_DOWN, TERMINATED -> throw ends(seen);
        };
    }

    @Override
    public void powerOff(OperationToken token, InstanceRef ref) {
        calls.begin();
        calls.await("instance %s is off".formatted(ref), () -> lookForOff(own.require(ref)));
    }

    private Optional<Boolean> lookForOff(Seen seen) {
        String id = seen.id();
        return switch (seen.state()) {
            case STOPPED -> {
                if (!isAskedFor(seen)) {
                    ask(
                            id,
                            "tag instance %s as switched off".formatted(id),
                            ec2 -> ec2.createTags(it -> it.resources(id).tags(SWITCHED_OFF)));
                }
                yield Optional.of(true);
            }
            case RUNNING -> {
                ask(id, "stop instance " + id, ec2 -> ec2.stopInstances(it -> it.instanceIds(id)));
                yield Optional.empty();
            }
            case PENDING, STOPPING, UNKNOWN_TO_SDK_VERSION -> Optional.empty();
            case SHUTTING_DOWN, TERMINATED -> throw ends(seen);
        };
    }

    /// EC2 asks the system to reboot, and does it itself where the system has not after minutes.
    @Override
    public void reset(OperationToken token, InstanceRef ref) {
        calls.begin();
        Seen seen = own.require(ref);
        if (seen.state() != InstanceStateName.RUNNING
                && seen.state() != InstanceStateName.PENDING) {
            throw ProviderCode.CONFLICT.problem(
                    "instance %s is %s".formatted(ref, seen.instance().state().nameAsString()),
                    "power it on");
        }
        ask(
                seen.id(),
                "reboot instance " + seen.id(),
                ec2 -> ec2.rebootInstances(it -> it.instanceIds(seen.id())));
    }

    private void ask(String id, String what, Function<Ec2Client, ? extends Ec2Response> request) {
        calls.ec2(
                what,
                ec2 -> {
                    try {
                        return request.apply(ec2);
                    } catch (Ec2Exception refused) {
                        if (AwsFailure.isOfAnUnknownInstance(refused)) {
                            own.requireNotJustMade(id);
                        }
                        if (AwsFailure.codeOf(refused).equals("UnsupportedOperation")) {
                            throw ProviderCode.UNSUPPORTED.problem(
                                    "could not %s: %s".formatted(what, AwsFailure.words(refused)),
                                    "delete it instead",
                                    refused);
                        }
                        throw refused;
                    }
                });
    }

    private static RuntimeException ends(Seen seen) {
        return ProviderCode.CONFLICT.problem(
                "instance %s is being deleted".formatted(seen.id()), "finish its delete");
    }
}
