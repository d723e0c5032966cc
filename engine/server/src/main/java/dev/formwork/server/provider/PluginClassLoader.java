package dev.formwork.server.provider;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;

/// The classes of one plugin: its own jars, and of the engine what a provider is written against
/// and nothing else. So a plugin has the libraries that it wants, in versions that it wants.
final class PluginClassLoader extends URLClassLoader {
    private static final String SPI = "dev.formwork.provider.";
    private static final List<String> SHARED =
            List.of("dev.formwork.model.", "org.slf4j.", "org.jspecify.");

    static {
        registerAsParallelCapable();
    }

    private final ClassLoader engine;

    PluginClassLoader(String name, List<URL> jars, ClassLoader engine) {
        super(
                "plugin-" + name,
                jars.toArray(URL[]::new),
                // Has the JDK's classes, and none of the engine's.
                ClassLoader.getPlatformClassLoader());
        this.engine = engine;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        return isShared(name) ? engine.loadClass(name) : super.findClass(name);
    }

    private static boolean isShared(String name) {
        return SHARED.stream().anyMatch(name::startsWith)
                || (name.startsWith(SPI) && name.indexOf('.', SPI.length()) < 0);
    }
}
