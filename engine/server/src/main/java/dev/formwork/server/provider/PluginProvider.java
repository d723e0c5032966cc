package dev.formwork.server.provider;

import dev.formwork.provider.Capabilities;
import dev.formwork.provider.Capability;
import dev.formwork.provider.Provider;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/// A provider out of a plugin. While it is called the thread's context class loader is the
/// plugin's: that is where libraries look for their own parts. Thread-safe.
final class PluginProvider implements Provider {
    private final Provider provider;
    private final ClassLoader plugin;
    private final Capabilities capabilities;

    PluginProvider(Provider provider, ClassLoader plugin) {
        this.provider = provider;
        this.plugin = plugin;
        Capabilities wrapped = Capabilities.none();
        for (Class<? extends Capability> kind : provider.capabilities().kinds()) {
            wrapped = with(wrapped, kind);
        }
        this.capabilities = wrapped;
    }

    /// A call that may fail in one way.
    @FunctionalInterface
    interface Call<T, E extends Exception> {
        T call() throws E;
    }

    /// Calls with the plugin's class loader as the thread's.
    static <T, E extends Exception> T within(ClassLoader plugin, Call<T, E> call) throws E {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(plugin);
        try {
            return call.call();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    public String name() {
        return provider.name();
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public void close() {
        within(
                plugin,
                () -> {
                    provider.close();
                    return this;
                });
    }

    private <C extends Capability> Capabilities with(Capabilities others, Class<C> kind) {
        C offered = provider.capability(kind);
        Object proxy =
                Proxy.newProxyInstance(
                        kind.getClassLoader(),
                        new Class<?>[] {kind},
                        (_, method, arguments) -> call(offered, method, arguments));
        return others.with(kind, kind.cast(proxy));
    }

    private Object call(Capability offered, Method method, Object[] arguments) throws Throwable {
        try {
            return within(plugin, () -> method.invoke(offered, arguments));
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
