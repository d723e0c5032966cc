package dev.formwork.provider;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What one provider offers, by interface. Immutable.
///
/// ```java
/// Capabilities.none().with(InstanceLifecycle.class, lifecycle).with(PowerControl.class, power)
/// ```
public final class Capabilities {
    private static final Capabilities NONE = new Capabilities(Map.of());

    private final Map<Class<? extends Capability>, Capability> offered;

    private Capabilities(Map<Class<? extends Capability>, Capability> offered) {
        this.offered = offered;
    }

    public static Capabilities none() {
        return NONE;
    }

    /// These and one more.
    ///
    /// @param kind the interface under which it is asked for, never the class behind it
    public <C extends Capability> Capabilities with(Class<C> kind, C capability) {
        if (!kind.isInterface() || kind == Capability.class) {
            throw new IllegalArgumentException(kind.getName() + " is no capability interface");
        }
        Map<Class<? extends Capability>, Capability> more = new LinkedHashMap<>(offered);
        more.put(kind, capability);
        return new Capabilities(more);
    }

    /// The interfaces on offer.
    public Set<Class<? extends Capability>> kinds() {
        return Set.copyOf(offered.keySet());
    }

    public boolean offers(Class<? extends Capability> kind) {
        return offered.containsKey(kind);
    }

    /// The capability of this kind.
    ///
    /// @param provider the name of who is asked, for the message
    /// @throws dev.formwork.model.ProblemException `provider.unsupported`, naming what is offered
    public <C extends Capability> C require(String provider, Class<C> kind) {
        Capability found = offered.get(kind);
        if (found == null) {
            throw ProviderCode.UNSUPPORTED.problem(
                    "provider %s does not offer %s".formatted(provider, kind.getSimpleName()),
                    "it offers " + this);
        }
        return kind.cast(found);
    }

    /// The simple names, for people: `InstanceLifecycle, PowerControl`.
    @Override
    public String toString() {
        return offered.isEmpty()
                ? "nothing"
                : offered.keySet().stream()
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(", "));
    }
}
