package dev.formwork.provider.bmc;

import dev.formwork.provider.ConsoleFiles;
import dev.formwork.provider.ConsoleText;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.Pause;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Keeps what machines print on their serial ports: listens to each by a thread of its own, from
/// the machine's making on, and keeps it in a folder that goes with the machine. Thread-safe.
///
/// A port has one listener. Where engines share their machines the one that made a machine listens;
/// another begins when it is asked for the console, and is heard when the first has gone.
final class Consoles {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Path folder;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Map<InstanceRef, Thread> listeners = new ConcurrentHashMap<>();

    /// @param folder of all consoles; made when it is needed
    Consoles(Path folder) {
        this.folder = folder;
    }

    /// Listens to a machine from now on, if it has a port and nobody of this process does.
    synchronized void listen(Claim claim, ManagedNode node) {
        boolean isOurs =
                claim.phase() == Claim.Phase.PREPARING || claim.phase() == Claim.Phase.READY;
        if (isOurs && closing.getCount() > 0) {
            node.controller()
                    .serialPort()
                    .ifPresent(port ->
                            listeners.computeIfAbsent(
                                    claim.ref(),
                                    ref ->
                                            Thread.ofVirtual()
                                                    .name("console-" + node.name())
                                                    .start(() -> listen(ref, node, port))));
        }
    }

    /// Goes on with the machines that this host has listened to before, and removes what is left of
    /// those that are gone.
    void goOn(Collection<Claim> claims, Nodes nodes) throws IOException {
        Set<Path> wanted = new HashSet<>();
        for (Claim claim : claims) {
            Path known = folder(claim.ref());
            wanted.add(known);
            if (Files.isDirectory(known)) {
                nodes.find(claim.node()).ifPresent(node -> listen(claim, node));
            }
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
            for (Path each : found) {
                if (!wanted.contains(each)) {
                    delete(each);
                }
            }
        } catch (NoSuchFileException none) {
            // Nothing was listened to yet.
        }
    }

    ConsoleText read(InstanceRef ref, long offset, int most) throws IOException {
        try {
            return new ConsoleFiles(folder(ref)).read(offset, most);
        } catch (NoSuchFileException nothingYet) {
            return new ConsoleText(0, ByteBuffer.allocate(0));
        }
    }

    /// The machine is gone, and what it printed.
    void forget(InstanceRef ref) throws IOException {
        Thread listener = listeners.remove(ref);
        if (listener != null) {
            listener.interrupt();
            awaitEnd(listener);
        }
        delete(folder(ref));
    }

    /// Ends every session, and keeps what was printed. Nothing is listened to from now on.
    void close() {
        List<Thread> ending;
        synchronized (this) {
            closing.countDown();
            ending = List.copyOf(listeners.values());
            listeners.clear();
        }
        ending.forEach(Thread::interrupt);
        ending.forEach(Consoles::awaitEnd);
    }

    private static void awaitEnd(Thread listener) {
        try {
            boolean _ = listener.join(PATIENCE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void listen(InstanceRef ref, ManagedNode node, SerialPort port) {
        Recording recording = new Recording(folder(ref), node);
        Duration pause = FIRST_PAUSE;
        try {
            boolean isClosed = false;
            while (!isClosed) {
                boolean wasHeard = recording.listen(port);
                isClosed = closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
                pause = wasHeard ? FIRST_PAUSE : Pause.doubled(pause, LONGEST_PAUSE);
            }
        } catch (InterruptedException ended) {
            // By who removes the machine.
        }
    }

    private Path folder(InstanceRef ref) {
        return folder.resolve(ref.value());
    }

    private static void delete(Path one) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(one)) {
            for (Path each : files) {
                Files.deleteIfExists(each);
            }
        } catch (NoSuchFileException gone) {
            return;
        }
        Files.deleteIfExists(one);
    }
}
