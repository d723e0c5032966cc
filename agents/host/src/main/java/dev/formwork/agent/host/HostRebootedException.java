package dev.formwork.agent.host;

import java.io.InterruptedIOException;

/// The host is in another boot than the one that was worked in: all that was known of its processes
/// is void, and whoever worked there begins anew.
public final class HostRebootedException extends InterruptedIOException {
    private static final long serialVersionUID = 1L;

    HostRebootedException() {
        super("the host was booted anew");
    }
}
