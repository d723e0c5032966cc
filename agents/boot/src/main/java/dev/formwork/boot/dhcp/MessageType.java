package dev.formwork.boot.dhcp;

import org.jspecify.annotations.Nullable;

/// What a DHCP packet wants to say: option 53.
public enum MessageType {
    DISCOVER(1),
    OFFER(2),
    REQUEST(3),
    DECLINE(4),
    ACK(5),
    NAK(6),
    RELEASE(7),
    INFORM(8);

    private final int code;

    MessageType(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    static @Nullable MessageType of(int code) {
        return code >= 1 && code <= values().length ? values()[code - 1] : null;
    }
}
