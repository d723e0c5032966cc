package dev.formwork.boot.net;

import java.io.IOException;

/// A system call that failed.
final class SystemCallException extends IOException {
    private static final long serialVersionUID = 1L;

    static final int EPERM = 1;
    static final int EINTR = 4;
    static final int EACCES = 13;
    static final int ENODEV = 19;
    static final int EADDRINUSE = 98;

    private final int error;

    SystemCallException(String call, int error) {
        super(call + " failed with error " + error);
        this.error = error;
    }

    int error() {
        return error;
    }
}
