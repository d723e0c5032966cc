package dev.formwork.boot.net;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/// The system calls that we use. Each returns what the call does, and throws where that is -1.
///
/// Numbers of constants are those of Linux on amd64 and arm64, which agree.
@SuppressWarnings("restricted") // The program starts with --enable-native-access.
final class Libc {
    static final int AF_INET = 2;
    static final int AF_PACKET = 17;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_RAW = 3;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int IPPROTO_ICMP = 1;
    static final int SOL_SOCKET = 1;
    static final int SO_BROADCAST = 6;
    static final int SO_RCVBUF = 8;
    static final int SO_BINDTODEVICE = 25;
    static final int SO_ATTACH_FILTER = 26;
    static final int MSG_DONTWAIT = 0x40;
    static final short POLLIN = 1;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO_VALUE =
            STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle SOCKET = handle("socket", JAVA_INT, 3);
    private static final MethodHandle CLOSE = handle("close", JAVA_INT, 1);
    private static final MethodHandle EVENTFD = handle("eventfd", JAVA_INT, 2);
    private static final MethodHandle BIND =
            handle("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SETSOCKOPT =
            handle(
                    "setsockopt",
                    FunctionDescriptor.of(
                            JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SENDTO =
            handle(
                    "sendto",
                    FunctionDescriptor.of(
                            JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle RECVFROM =
            handle(
                    "recvfrom",
                    FunctionDescriptor.of(
                            JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle POLL =
            handle("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle WRITE =
            handle("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));

    private Libc() {}

    static int socket(int domain, int type, int protocol) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            return checked(
                    "socket", (int) SOCKET.invokeExact(state, domain, type, protocol), state);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /// A counter that [#poll] sees.
    static int eventfd() throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            return checked("eventfd", (int) EVENTFD.invokeExact(state, 0, SOCK_CLOEXEC), state);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void close(int file) {
        try (Arena arena = Arena.ofConfined()) {
            // Whatever it says, the file is closed.
            int _ = (int) CLOSE.invokeExact(arena.allocate(STATE), file);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    static void bind(int file, MemorySegment address) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            checked(
                    "bind",
                    (int) BIND.invokeExact(state, file, address, (int) address.byteSize()),
                    state);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void setsockopt(int file, int option, MemorySegment value) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            checked(
                    "setsockopt " + option,
                    (int)
                            SETSOCKOPT.invokeExact(
                                    state, file, SOL_SOCKET, option, value, (int) value.byteSize()),
                    state);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void sendto(int file, MemorySegment datagram, MemorySegment address)
            throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            checked(
                    "sendto",
                    (long)
                            SENDTO.invokeExact(
                                    state,
                                    file,
                                    datagram,
                                    datagram.byteSize(),
                                    0,
                                    address,
                                    (int) address.byteSize()),
                    state);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /// Does not wait.
    ///
    /// @param address gets the sender's
    /// @param state scratch, of [#state]
    static int recvfrom(
            int file,
            MemorySegment buffer,
            MemorySegment address,
            MemorySegment size,
            MemorySegment state)
            throws SystemCallException {
        size.set(JAVA_INT, 0, (int) address.byteSize());
        try {
            return (int)
                    checked(
                            "recvfrom",
                            (long)
                                    RECVFROM.invokeExact(
                                            state,
                                            file,
                                            buffer,
                                            buffer.byteSize(),
                                            MSG_DONTWAIT,
                                            address,
                                            size),
                            state);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /// Waits, for as long as it takes, until one of the files can be read.
    static void poll(MemorySegment files, int count, MemorySegment state)
            throws SystemCallException {
        try {
            checked("poll", (int) POLL.invokeExact(state, files, (long) count, -1), state);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void signal(int eventfd) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment one = arena.allocateFrom(JAVA_LONG, 1L);
            checked("write", (long) WRITE.invokeExact(state, eventfd, one, 8L), state);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static MemorySegment state(Arena arena) {
        return arena.allocate(STATE);
    }

    private static long checked(String call, long result, MemorySegment state)
            throws SystemCallException {
        if (result == -1) {
            throw new SystemCallException(call, (int) ERRNO_VALUE.get(state, 0L));
        }
        return result;
    }

    private static int checked(String call, int result, MemorySegment state)
            throws SystemCallException {
        return (int) checked(call, (long) result, state);
    }

    private static SystemCallException unexpected(Throwable e) {
        return switch (e) {
            case SystemCallException known -> known;
            case Error error -> throw error;
            case RuntimeException unchecked -> throw unchecked;
            default -> throw new IllegalStateException(e);
        };
    }

    private static MethodHandle handle(String name, MemoryLayout result, int ints) {
        MemoryLayout[] arguments = new MemoryLayout[ints];
        Arrays.fill(arguments, JAVA_INT);
        return handle(name, FunctionDescriptor.of(result, arguments));
    }

    private static MethodHandle handle(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, ERRNO);
    }
}
