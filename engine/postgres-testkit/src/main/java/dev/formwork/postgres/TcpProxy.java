package dev.formwork.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A way to a server on the loopback interface that a test can cut. Thread-safe.
public final class TcpProxy implements AutoCloseable {
    private static final int CONNECT_MILLIS = 5_000;

    private final int target;
    private final ServerSocket door;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private State state = State.WHOLE;

    private enum State {
        WHOLE,
        HANGING,
        CUT
    }

    private TcpProxy(int target, ServerSocket door) {
        this.target = target;
        this.door = door;
    }

    /// @param target the server's port
    public static TcpProxy to(int target) throws IOException {
        TcpProxy proxy =
                new TcpProxy(target, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        Thread.startVirtualThread(proxy::accept);
        return proxy;
    }

    /// Where it listens.
    public int port() {
        return door.getLocalPort();
    }

    /// Breaks all connections, and from now on every new one.
    public void cut() {
        become(State.CUT);
        open.forEach(TcpProxy::closeQuietly);
    }

    /// From now on nothing arrives, and nobody is told, as where a cable is pulled.
    public void hang() {
        become(State.HANGING);
    }

    /// All goes on: what hung arrives, and there may be connections again.
    public void heal() {
        become(State.WHOLE);
    }

    private void become(State next) {
        lock.lock();
        try {
            state = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean awaitWhole() throws InterruptedException {
        lock.lock();
        try {
            while (state == State.HANGING) {
                changed.await();
            }
            return state == State.WHOLE;
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket near = door.accept();
                open.add(near);
                Thread.startVirtualThread(() -> connect(near));
            }
        } catch (IOException _) {
            // Closed.
        }
    }

    private void connect(Socket near) {
        Socket far = new Socket();
        open.add(far);
        try {
            if (awaitWhole()) {
                far.connect(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), target),
                        CONNECT_MILLIS);
                near.setTcpNoDelay(true);
                far.setTcpNoDelay(true);
                Thread.startVirtualThread(() -> pump(far, near));
                pump(near, far);
            }
        } catch (IOException _) {
            // The server is not there: neither is this way to it.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            end(near, far);
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[64 << 10];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (!awaitWhole()) {
                    break;
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException _) {
            // One side has ended.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            end(from, to);
        }
    }

    private void end(Socket near, Socket far) {
        open.remove(near);
        open.remove(far);
        closeQuietly(near);
        closeQuietly(far);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // It is left in any case.
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        cut();
    }
}
