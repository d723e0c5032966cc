package dev.formwork.provider.openstack;

import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.InstanceState;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.openstack.OpenStackSettings.AddressKind;

import java.util.List;
import java.util.Optional;

/// Servers as instances.
final class OpenStackInstances implements InstanceLifecycle {
    private static final int ATTEMPTS = 5;

    private final OpenStackPlace place;
    private final ServerMaking making;
    private final ServerRemoval removal;
    private final AddressKind address;

    /// @param address which of a server's addresses is the machine's
    OpenStackInstances(
            OpenStackPlace place, ServerMaking making, ServerRemoval removal, AddressKind address) {
        this.place = place;
        this.making = making;
        this.removal = removal;
        this.address = address;
    }

    @Override
    public Instance create(OperationToken token, InstanceRequest request) {
        place.begin();
        ServerSpec spec = ServerSpec.read(place.provider(), request);
        Mark mark = Mark.of(place.engine(), token, request);
        Optional<Sighting> seen = own(mark);
        ServerName name = seen.map(Sighting::name).orElse(mark.ref());
        boolean isAsked = seen.flatMap(Sighting::server).isPresent();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (!isAsked) {
                making.ask(mark, request, spec);
            }
            Optional<Sighting> made = making.settle(name);
            if (made.isPresent()) {
                return made.get().instance(address);
            }
            isAsked = place.look(name).server().isPresent();
        }
        throw ProviderCode.UNAVAILABLE.problem(
                "others who make %s too were faster, time and again".formatted(name), "ask again");
    }

    /// What is there under this token for this machine, and nothing else may be.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.conflict`
    private Optional<Sighting> own(Mark mark) {
        List<Sighting> related = place.retries().call(() -> place.related(mark));
        ServerName name = mark.ref();
        for (Sighting each : related) {
            boolean isOwn =
                    each.name().machine().equals(name.machine())
                            && each.name().token().equals(name.token());
            if (!isOwn) {
                throw ProviderCode.CONFLICT.problem(
                        "machine %s has an instance, or its token another machine: %s"
                                .formatted(mark.machine(), each.name()),
                        "delete that first");
            }
            if (each.state() == InstanceState.DELETING) {
                throw ProviderCode.CONFLICT.problem(
                        "instance %s is being deleted".formatted(each.name()), "end that first");
            }
        }
        return related.stream().findFirst();
    }

    @Override
    public Optional<Instance> find(InstanceRef ref) {
        place.begin();
        return ServerName.parse(ref.value())
                .map(place::look)
                .filter(seen -> !seen.isEmpty())
                .map(seen -> seen.instance(address));
    }

    @Override
    public List<Instance> list() {
        place.begin();
        return place.retries().call(place::lookAtAll).stream()
                .map(seen -> seen.instance(address))
                .toList();
    }

    @Override
    public void delete(OperationToken token, InstanceRef ref) {
        place.begin();
        ServerName.parse(ref.value()).ifPresent(removal::remove);
    }
}
