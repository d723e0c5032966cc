package dev.formwork.provider.openstack;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.Retries;
import dev.formwork.provider.openstack.api.FloatingAddress;
import dev.formwork.provider.openstack.api.Port;
import dev.formwork.provider.openstack.api.Server;
import dev.formwork.provider.openstack.api.ServerGroup;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Removes all that was made for an instance: the server, which takes its volume along, then the
/// floating address and what server groups are empty now, and the port last: for as long as that is
/// there the instance is seen.
final class ServerRemoval {
    /// What was on its way while the rest was removed is removed in the second.
    private static final int ROUNDS = 3;

    private final OpenStackPlace place;
    private final Duration patience;

    /// @param patience how long a server may take to go
    ServerRemoval(OpenStackPlace place, Duration patience) {
        this.place = place;
        this.patience = patience;
    }

    /// @throws dev.formwork.model.ProblemException `provider.partial`, naming what is left
    void remove(ServerName name) {
        Sighting seen = place.look(name);
        for (int round = 0; round < ROUNDS && !seen.isEmpty(); round++) {
            try {
                remove(seen);
            } catch (ProblemException failed) {
                if (!failed.code().equals(ProviderCode.CONFLICT.code())) {
                    throw failed;
                }
                throw ProviderCode.PARTIAL.problem(
                        "%s is not all removed: %s"
                                .formatted(name, failed.problems().getFirst().detail()),
                        "is it locked?",
                        failed);
            }
            seen = place.look(name);
        }
        if (!seen.isEmpty()) {
            throw ProviderCode.PARTIAL.problem(
                    "%s is not all removed: there are still %s".formatted(name, left(seen)),
                    "ask again");
        }
    }

    private void remove(Sighting seen) {
        seen.servers().forEach(this::removeServer);
        Retries retries = place.retries();
        for (FloatingAddress floating : seen.floating()) {
            retries.run(() -> place.network().removeFloatingAddress(floating.id()));
        }
        removeEmptyGroups();
        seen.ports().forEach(this::removePort);
    }

    /// Returns when it is gone.
    void removeServer(Server server) {
        String id = server.id();
        place.retries().run(() -> place.compute().remove(id));
        AtomicBoolean isForced = new AtomicBoolean();
        place.retries()
                .await(
                        "server %s is gone".formatted(id),
                        patience,
                        () -> {
                            Optional<Server> left = place.compute().server(id);
                            // Kept for a while, where the cloud is set up so.
                            if (left.filter(is -> is.status().equals("SOFT_DELETED")).isPresent()
                                    && !isForced.get()) {
                                place.compute().act(id, "forceDelete", null);
                                isForced.set(true);
                            }
                            boolean isGone =
                                    left.filter(is -> !is.status().equals("DELETED")).isEmpty();
                            return isGone ? Optional.of(true) : Optional.empty();
                        });
    }

    void removePort(Port port) {
        place.retries().run(() -> place.network().removePort(port.id()));
    }

    /// As after the removal of a server, where one that was asked for did not come to be.
    void removeEmptyGroups(ServerSpec spec) {
        if (spec.groupPolicy().isPresent()) {
            removeEmptyGroups();
        }
    }

    /// Those that we made for a policy. A server that is to go into one right now is refused by
    /// Nova, and asked for again with another.
    private void removeEmptyGroups() {
        Retries retries = place.retries();
        for (ServerGroup group : retries.call(place.compute()::groups)) {
            if (group.name().startsWith(Tags.group(place.engine())) && group.members() == 0) {
                retries.run(() -> place.compute().removeGroup(group.id()));
            }
        }
    }

    private static String left(Sighting seen) {
        return Stream.of(
                        seen.servers().stream().map(each -> "server " + each.id()),
                        seen.floating().stream().map(each -> "floating address " + each.id()),
                        seen.ports().stream().map(each -> "port " + each.id()))
                .flatMap(each -> each)
                .collect(Collectors.joining(", "));
    }
}
