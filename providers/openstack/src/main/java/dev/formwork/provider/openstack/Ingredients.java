package dev.formwork.provider.openstack;

import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.Problems;
import dev.formwork.provider.ProviderCode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The ids of what a spec names.
record Ingredients(
        String image,
        String flavor,
        String network,
        List<String> securityGroups,
        Optional<String> floatingNetwork) {

    Ingredients {
        securityGroups = List.copyOf(securityGroups);
    }

    /// Looks them all up.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.invalid-spec` with all that is not
    ///   there
    static Ingredients find(OpenStackPlace place, ServerSpec spec) {
        Search search = new Search(place, new Problems());
        String image =
                spec.image().isPresent()
                        ? search.one("image", spec.image().get(), place.images()::named)
                        : search.one(
                                "active image with the properties",
                                spec.imageProperties().toString(),
                                _ -> place.images().newest(spec.imageProperties()));
        String flavor = search.one("flavor", spec.flavor(), place.compute()::flavor);
        String network = search.one("network", spec.network(), place.network()::network);
        List<String> groups = new ArrayList<>();
        for (String group : spec.securityGroups()) {
            groups.add(search.one("security group", group, place.network()::securityGroup));
        }
        Optional<String> floating =
                spec.floatingNetwork()
                        .map(named -> search.one("network", named, place.network()::network));
        spec.keyPair()
                .ifPresent(pair ->
                        search.one(
                                "key pair",
                                pair,
                                named ->
                                        place.compute().hasKeyPair(named)
                                                ? Optional.of(named)
                                                : Optional.empty()));
        if (spec.group().isPresent() && spec.groupPolicy().isEmpty()) {
            search.one(
                    "server group", spec.group().get(), named -> ServerGroups.find(place, named));
        }
        if (spec.volumeType().isPresent() && !place.compute().hasVolumeTypes()) {
            search.refuse("this Nova is too old for volume_type", "leave it out");
        }
        search.problems().throwIfAny();
        return new Ingredients(image, flavor, network, groups, floating);
    }

    private record Search(OpenStackPlace place, Problems problems) {
        interface Finder {
            Optional<String> find(String named);
        }

        String one(String kind, String named, Finder finder) {
            Optional<String> found = place.idOf(kind, named, finder::find);
            if (found.isEmpty()) {
                refuse(
                        "the cloud has no %s %s, or several of that name"
                                .formatted(kind, Names.abbreviate(named)),
                        "name one that this project may use, by id where names are not unique");
            }
            return found.orElse("");
        }

        void refuse(String detail, String hint) {
            problems.add(Problem.of(ProviderCode.INVALID_SPEC.code(), detail, hint));
        }
    }
}
