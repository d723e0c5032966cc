package dev.formwork.provider.openstack;

import dev.formwork.model.Names;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.openstack.api.ServerGroup;

import java.util.List;
import java.util.Optional;

/// Which server group a server goes into.
final class ServerGroups {
    private ServerGroups() {}

    /// The id of the group with this id or name.
    static Optional<String> find(OpenStackPlace place, String named) {
        List<ServerGroup> all = place.compute().groups();
        return all.stream()
                .map(ServerGroup::id)
                .filter(named::equals)
                .findFirst()
                .or(() -> first(all, named));
    }

    /// The id of the group that a spec names; with a policy, it is made where it is not there.
    static Optional<String> of(OpenStackPlace place, ServerSpec spec) {
        if (spec.group().isEmpty()) {
            return Optional.empty();
        }
        if (spec.groupPolicy().isEmpty()) {
            String named = spec.group().get();
            return Optional.of(
                    place.retries()
                            .call(() -> find(place, named))
                            .orElseThrow(() ->
                                    ProviderCode.INVALID_SPEC.problem(
                                            "server group %s is gone"
                                                    .formatted(Names.abbreviate(named)),
                                            "name one that is there")));
        }
        String name = Tags.group(place.engine()) + spec.group().get();
        return place.retries()
                .call(() -> {
                    Optional<String> there = first(place.compute().groups(), name);
                    return there.isPresent() ? there : Optional.of(made(place, spec, name));
                });
    }

    /// Of several that make it at once, all who see each other take the same.
    private static String made(OpenStackPlace place, ServerSpec spec, String name) {
        String made = place.compute().makeGroup(name, spec.groupPolicy().orElseThrow());
        String kept = first(place.compute().groups(), name).orElse(made);
        if (!kept.equals(made)) {
            place.compute().removeGroup(made);
        }
        return kept;
    }

    /// Nova does not say when a group was made: the order of ids does as well.
    private static Optional<String> first(List<ServerGroup> all, String name) {
        return all.stream()
                .filter(group -> group.name().equals(name))
                .map(ServerGroup::id)
                .sorted()
                .findFirst();
    }
}
