package dev.formwork.server.provider;

import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;

/// The providers by the names that clusters call them. Thread-safe once open.
public final class Providers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Providers.class);

    private final Map<String, Provider> open;
    private final Map<String, Problem> refused;

    private final Optional<ProviderTypes> types;

    private Providers(
            Map<String, Provider> open,
            Map<String, Problem> refused,
            Optional<ProviderTypes> types) {
        this.types = types;
        this.open = Collections.unmodifiableMap(open);
        this.refused = Map.copyOf(refused);
    }

    public static Providers of(Collection<Provider> providers) {
        TreeMap<String, Provider> open = new TreeMap<>();
        providers.forEach(provider -> open.put(provider.name(), provider));
        return new Providers(open, Map.of(), Optional.empty());
    }

    /// Opens what the configuration names, and each type that it does not name, under the type's
    /// own name and without settings. One that refuses is not there, and says why when it is asked
    /// for.
    ///
    /// @param types owned, and closed with this
    /// @param configured name to settings; `type` says which type, the name itself if left out
    /// @param context makes what a provider is opened with, of its name and settings
    public static Providers open(
            ProviderTypes types,
            Map<String, Value.Struct> configured,
            BiFunction<String, Value.Struct, ProviderContext> context) {
        TreeMap<String, Value.Struct> wanted = new TreeMap<>(configured);
        types.names().forEach(type -> wanted.putIfAbsent(type, Value.Struct.EMPTY));
        TreeMap<String, Provider> open = new TreeMap<>();
        TreeMap<String, Problem> refused = new TreeMap<>(types.broken());
        wanted.forEach((name, settings) -> {
            try {
                open.put(
                        name,
                        types.open(type(name, settings), context.apply(name, rest(settings))));
                LOG.info("opened provider {}", name);
            } catch (ProblemException e) {
                LOG.warn("provider {} is not there: {}", name, e.getMessage());
                refused.put(name, e.problems().getFirst());
            }
        });
        return new Providers(open, refused, Optional.of(types));
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

    /// Of all that are set up, also of those that could not be opened.
    public SortedSet<String> names() {
        TreeSet<String> names = new TreeSet<>(open.keySet());
        names.addAll(refused.keySet());
        return names;
    }

    /// By name.
    public Collection<Provider> all() {
        return open.values();
    }

    @Override
    public void close() {
        open.values().forEach(Provider::close);
        types.ifPresent(ProviderTypes::close);
    }

    private static String type(String name, Value.Struct settings) {
        return settings.fields().get("type") instanceof Value.Text(String text) ? text : name;
    }

    private static Value.Struct rest(Value.Struct settings) {
        TreeMap<String, Value> rest = new TreeMap<>(settings.fields());
        rest.remove("type");
        return Value.of(rest);
    }
}
