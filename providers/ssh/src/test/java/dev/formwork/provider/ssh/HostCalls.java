package dev.formwork.provider.ssh;

import dev.formwork.provider.ssh.connection.Answer;
import dev.formwork.provider.ssh.connection.RemoteHosts;
import dev.formwork.provider.ssh.connection.Upload;
import dev.formwork.provider.ssh.inventory.Host;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// One host over the connections of the provider, used by a test from many threads at once.
final class HostCalls implements AutoCloseable {
    private final RemoteHosts hosts;
    private final Host host;
    private final ExecutorService callers =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("caller-", 0).factory());

    HostCalls(SshSettings settings, String host) {
        this.hosts = new RemoteHosts(settings.keys(), settings.knownHosts(), settings.limits());
        this.host = settings.inventory().find(host).orElseThrow();
    }

    Answer run(String script) {
        return hosts.run(host, script);
    }

    /// Runs a script by a thread of its own.
    Future<Answer> begin(String script) {
        return callers.submit(() -> run(script));
    }

    /// Puts files by a thread of its own.
    Future<?> beginPut(String directory, List<Upload> files) {
        return callers.submit(() -> hosts.put(host, directory, files));
    }

    @Override
    public void close() {
        callers.close();
        hosts.close();
    }
}
