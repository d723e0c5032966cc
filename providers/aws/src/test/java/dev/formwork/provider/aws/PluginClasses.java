package dev.formwork.provider.aws;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;

/// Loads classes as the engine does for a plugin: the JDK's, those of its jars, and of the engine's
/// only what a provider is written against.
final class PluginClasses extends URLClassLoader {
    private static final List<String> SHARED =
            List.of("dev.formwork.model.", "org.slf4j.", "org.jspecify.");
    private static final String SPI = "dev.formwork.provider.";

    PluginClasses(List<URL> jars) {
        super(jars.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        boolean shared =
                SHARED.stream().anyMatch(name::startsWith)
                        || (name.startsWith(SPI) && name.indexOf('.', SPI.length()) < 0);
        return shared
                ? PluginClasses.class.getClassLoader().loadClass(name)
                : super.findClass(name);
    }
}
