package dev.formwork.provider.openstack;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.PowerState;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.openstack.api.Compute;
import dev.formwork.provider.openstack.api.Server;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Switches servers. That one is off because it was asked for is noted in its metadata before it is
/// done, so that a server which stops by itself is known for one that lost its power.
final class OpenStackPower implements PowerControl {
    /// Off, or as good as off, by somebody's wish: Nova comes to none of these by itself.
    private static final Set<String> SET_ASIDE =
            Set.of("PAUSED", "SUSPENDED", "SHELVED", "SHELVED_OFFLOADED", "RESCUE");

    private final OpenStackPlace place;
    private final Duration patience;

    /// @param patience how long a server may take to start or stop
    OpenStackPower(OpenStackPlace place, Duration patience) {
        this.place = place;
        this.patience = patience;
    }

    @Override
    public PowerState power(InstanceRef ref) {
        place.begin();
        Server server = place.require(ref);
        String status = server.status();
        if (status.equals("SHUTOFF")) {
            return server.metadata().containsKey(Mark.OFF) ? PowerState.OFF : PowerState.LOST;
        }
        if (SET_ASIDE.contains(status)) {
            return PowerState.OFF;
        }
        return status.equals("ERROR") ? PowerState.UNKNOWN : PowerState.ON;
    }

    @Override
    public void powerOn(OperationToken token, InstanceRef ref) {
        place.begin();
        Server server = place.require(ref);
        if (server.metadata().containsKey(Mark.OFF)) {
            place.retries().run(() -> place.compute().forget(server.id(), Mark.OFF));
        }
        await(
                "server %s is on".formatted(server.id()),
                server,
                now -> {
                    if (now.status().equals("ACTIVE")) {
                        return true;
                    }
                    if (now.task().isEmpty()) {
                        start(now);
                    }
                    return false;
                });
    }

    private void start(Server server) {
        Compute compute = place.compute();
        switch (server.status()) {
            case "SHUTOFF" -> compute.act(server.id(), "os-start", null);
            case "PAUSED" -> compute.act(server.id(), "unpause", null);
            case "SUSPENDED" -> compute.act(server.id(), "resume", null);
            case "SHELVED", "SHELVED_OFFLOADED" -> compute.act(server.id(), "unshelve", null);
            case "RESCUE" -> compute.act(server.id(), "unrescue", null);
            case "ERROR" -> compute.act(server.id(), "reboot", Map.of("type", "HARD"));
            default -> {} // It is on its way.
        }
    }

    @Override
    public void powerOff(OperationToken token, InstanceRef ref) {
        place.begin();
        Server server = place.require(ref);
        if (!server.metadata().containsKey(Mark.OFF)) {
            place.retries().run(() -> place.compute().note(server.id(), Map.of(Mark.OFF, "true")));
        }
        await(
                "server %s is off".formatted(server.id()),
                server,
                now -> {
                    if (now.status().equals("SHUTOFF") || SET_ASIDE.contains(now.status())) {
                        return true;
                    }
                    boolean canStop = now.status().equals("ACTIVE") || now.status().equals("ERROR");
                    if (canStop && now.task().isEmpty()) {
                        place.compute().act(now.id(), "os-stop", null);
                    }
                    return false;
                });
    }

    @Override
    public void reset(OperationToken token, InstanceRef ref) {
        place.begin();
        Server server = place.require(ref);
        await(
                "server %s can be reset".formatted(server.id()),
                server,
                now -> {
                    if (now.status().equals("SHUTOFF") || SET_ASIDE.contains(now.status())) {
                        throw ProviderCode.CONFLICT.problem(
                                "instance %s is off".formatted(ref), "power it on");
                    }
                    boolean canBeReset =
                            now.status().equals("ACTIVE") || now.status().equals("ERROR");
                    if (canBeReset && now.task().isEmpty()) {
                        place.compute().act(now.id(), "reboot", Map.of("type", "HARD"));
                        return true;
                    }
                    return now.status().endsWith("REBOOT");
                });
    }

    private interface Step {
        /// Whether all is done.
        boolean take(Server now);
    }

    private void await(String what, Server server, Step step) {
        place.retries()
                .await(
                        what,
                        patience,
                        () -> {
                            Server now =
                                    place.compute()
                                            .server(server.id())
                                            .orElseThrow(() ->
                                                    ProviderCode.NOT_FOUND.problem(
                                                            "server %s is gone"
                                                                    .formatted(server.id()),
                                                            null));
                            return taken(step, now) ? Optional.of(true) : Optional.empty();
                        });
    }

    /// Nova refuses what does not go with what it is doing: then that is waited for.
    private static boolean taken(Step step, Server now) {
        boolean isOff = now.status().equals("SHUTOFF") || SET_ASIDE.contains(now.status());
        try {
            return step.take(now);
        } catch (ProblemException failed) {
            if (failed.code().equals(ProviderCode.CONFLICT.code()) && !isOff) {
                return false;
            }
            throw failed;
        }
    }
}
