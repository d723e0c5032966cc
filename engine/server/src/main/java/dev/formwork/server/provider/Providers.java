package dev.formwork.server.provider;

import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.ProviderFactory;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.BiFunction;

/// The providers by the names that clusters call them. Thread-safe once open.
public final class Providers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Providers.class);

    private final Map<String, Provider> open;
    private final Map<String, Problem> refused;

    private Providers(Map<String, Provider> open, Map<String, Problem> refused) {
        this.open = Collections.unmodifiableMap(open);
        this.refused = Map.copyOf(refused);
    }

    public static Providers of(Collection<Provider> providers) {
        TreeMap<String, Provider> open = new TreeMap<>();
        providers.forEach(provider -> open.put(provider.name(), provider));
        return new Providers(open, Map.of());
    }

    /// Opens what the configuration names, and each type found on the class path that it does not
    /// name, under the type's own name and without settings. One that refuses is not there, and
    /// says why when it is asked for.
    ///
    /// @param configured name to settings; `type` says which type, the name itself if left out
    /// @param context makes what a provider is opened with, of its name and settings
    public static Providers open(
            Map<String, Value.Struct> configured,
            BiFunction<String, Value.Struct, ProviderContext> context) {
        TreeMap<String, ProviderFactory> factories = new TreeMap<>();
        ServiceLoader.load(ProviderFactory.class)
                .forEach(factory -> factories.put(factory.type(), factory));
        TreeMap<String, Value.Struct> wanted = new TreeMap<>(configured);
        factories.keySet().forEach(type -> wanted.putIfAbsent(type, Value.Struct.EMPTY));
        TreeMap<String, Provider> open = new TreeMap<>();
        TreeMap<String, Problem> refused = new TreeMap<>();
        wanted.forEach((name, settings) -> {
            try {
                open.put(
                        name,
                        factory(name, settings, factories)
                                .open(context.apply(name, rest(settings))));
                LOG.info("opened provider {}", name);
            } catch (ProblemException e) {
                LOG.warn("provider {} is not there: {}", name, e.getMessage());
                refused.put(name, e.problems().getFirst());
            }
        });
        return new Providers(open, refused);
    }

    /// @throws ProblemException `provider.unknown`, or why it could not be opened
    public Provider require(String name) {
        Provider found = open.get(name);
        if (found != null) {
            return found;
        }
        throw Optional.ofNullable(refused.get(name))
                .orElseGet(() ->
                        Problem.of(
                                "provider.unknown",
                                "there is no provider " + Names.abbreviate(name),
                                Names.nearest(name, open.keySet())
                                        .map("did you mean %s?"::formatted)
                                        .orElse("there are: " + String.join(", ", open.keySet()))))
                .exception();
    }

    /// By name.
    public Collection<Provider> all() {
        return open.values();
    }

    @Override
    public void close() {
        open.values().forEach(Provider::close);
    }

    private static ProviderFactory factory(
            String name, Value.Struct settings, Map<String, ProviderFactory> factories) {
        String type =
                settings.fields().get("type") instanceof Value.Text(String text) ? text : name;
        ProviderFactory factory = factories.get(type);
        if (factory == null) {
            throw ProblemException.of(
                    "provider.type-unknown",
                    "there is no type of provider " + Names.abbreviate(type),
                    "there are: " + String.join(", ", factories.keySet()));
        }
        return factory;
    }

    private static Value.Struct rest(Value.Struct settings) {
        TreeMap<String, Value> rest = new TreeMap<>(settings.fields());
        rest.remove("type");
        return Value.of(rest);
    }
}
