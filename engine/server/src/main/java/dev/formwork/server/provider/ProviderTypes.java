package dev.formwork.server.provider;

import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.ProviderFactory;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The types of providers that there are: those of the engine's class path, and those of plugins.
///
/// A plugin is a folder of jars. Its classes are loaded apart from the engine's
/// ([PluginClassLoader]). One that cannot be used keeps nothing else from starting.
public final class ProviderTypes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProviderTypes.class);

    private final TreeMap<String, ProviderFactory> factories = new TreeMap<>();
    private final TreeMap<String, PluginClassLoader> plugins = new TreeMap<>();
    private final TreeMap<String, Problem> broken = new TreeMap<>();

    private ProviderTypes() {
        ServiceLoader.load(ProviderFactory.class, ProviderTypes.class.getClassLoader())
                .forEach(factory -> factories.put(factory.type(), factory));
    }

    /// @param folder with one folder for each plugin; may not exist
    public static ProviderTypes find(Path folder) {
        ProviderTypes types = new ProviderTypes();
        for (Path plugin : types.foldersOf(folder)) {
            String name = String.valueOf(plugin.getFileName());
            try {
                types.load(name, plugin);
            } catch (ProblemException e) {
                LOG.warn("plugin {} is not used: {}", plugin, e.getMessage());
                types.broken.put(name, e.problems().getFirst());
            }
        }
        return types;
    }

    /// In order.
    Set<String> names() {
        return Collections.unmodifiableSet(factories.keySet());
    }

    /// Why plugins are not used, by the names of their folders.
    Map<String, Problem> broken() {
        return Collections.unmodifiableMap(broken);
    }

    /// @throws ProblemException `provider.type-unknown`; why the plugin of this name is not used;
    ///   and as [ProviderFactory#open]
    Provider open(String type, ProviderContext context) {
        ProviderFactory factory = factories.get(type);
        if (factory == null) {
            Problem why = broken.get(type);
            throw why != null
                    ? why.exception()
                    : ProblemException.of(
                            "provider.type-unknown",
                            "there is no type of provider " + Names.abbreviate(type),
                            "there are: " + String.join(", ", factories.keySet()));
        }
        PluginClassLoader plugin = plugins.get(type);
        return plugin == null ? factory.open(context) : open(plugin, factory, context);
    }

    /// Ends what providers of plugins are made of: to be called when they are closed.
    @Override
    public void close() {
        plugins.values().stream().distinct().forEach(ProviderTypes::closeQuietly);
    }

    private static Provider open(
            PluginClassLoader plugin, ProviderFactory factory, ProviderContext context) {
        try {
            return PluginProvider.within(
                    plugin, () -> new PluginProvider(factory.open(context), plugin));
        } catch (ProblemException e) {
            throw e;
        } catch (Exception | LinkageError e) {
            throw unusable(factory.type(), "it can't be opened: " + e, e);
        }
    }

    private List<Path> foldersOf(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, Files::isDirectory)) {
            all.forEach(found::add);
        } catch (IOException e) {
            LOG.warn("the plugins in {} are not used: {}", folder, e.toString());
        }
        Collections.sort(found);
        return found;
    }

    private void load(String name, Path folder) {
        PluginClassLoader loader =
                new PluginClassLoader(
                        name, jars(name, folder), ProviderTypes.class.getClassLoader());
        boolean used = false;
        try {
            List<ProviderFactory> found =
                    PluginProvider.within(
                            loader,
                            () ->
                                    ServiceLoader.load(ProviderFactory.class, loader).stream()
                                            .map(ServiceLoader.Provider::get)
                                            .toList());
            Set<String> types = new TreeSet<>();
            for (ProviderFactory factory : found) {
                if (factories.containsKey(factory.type()) || !types.add(factory.type())) {
                    throw unusable(name, "there is a type " + factory.type() + " already", null);
                }
            }
            if (types.isEmpty()) {
                throw unusable(
                        name,
                        "none of its jars names a factory in META-INF/services/"
                                + ProviderFactory.class.getName(),
                        null);
            }
            for (ProviderFactory factory : found) {
                factories.put(factory.type(), factory);
                plugins.put(factory.type(), loader);
            }
            used = true;
            LOG.info("plugin {} brings {}", folder, String.join(", ", types));
        } catch (ProblemException e) {
            throw e;
        } catch (Exception | LinkageError | ServiceConfigurationError e) {
            throw unusable(name, e.toString(), e);
        } finally {
            if (!used) {
                closeQuietly(loader);
            }
        }
    }

    private static List<URL> jars(String name, Path folder) {
        List<URL> jars = new ArrayList<>();
        requireOurs(name, folder);
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*.jar")) {
            for (Path jar : all) {
                requireOurs(name, jar);
                jars.add(url(jar));
            }
        } catch (IOException e) {
            throw unusable(name, "it can't be read: " + e, e);
        }
        return jars;
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException("a path that is no URL: " + jar, e);
        }
    }

    /// What it does it does as the engine.
    private static void requireOurs(String name, Path file) {
        try {
            if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_WRITE)) {
                throw unusable(name, "everybody may write " + file, null);
            }
        } catch (IOException e) {
            throw unusable(name, "it can't be read: " + e, e);
        }
    }

    private static ProblemException unusable(String name, String why, @Nullable Throwable cause) {
        Problem problem =
                Problem.of(
                        "provider.plugin-unusable",
                        "the plugin %s can't be used: %s".formatted(Names.abbreviate(name), why),
                        null);
        return cause == null ? problem.exception() : new ProblemException(List.of(problem), cause);
    }

    private static void closeQuietly(PluginClassLoader loader) {
        try {
            loader.close();
        } catch (IOException e) {
            LOG.warn("{} did not close well: {}", loader.getName(), e.toString());
        }
    }
}
