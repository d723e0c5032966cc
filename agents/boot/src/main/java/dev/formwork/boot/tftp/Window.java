package dev.formwork.boot.tftp;

/// Which blocks are on their way (RFC 7440; with a size of 1, RFC 1350). Blocks are counted from 1
/// on without end; on the wire the number begins again after 65535.
final class Window {
    private final long blocks;
    private final int size;
    private long acknowledged;
    private long sent;

    /// Whether a repeated acknowledgement was taken as news of a loss since the last progress.
    private boolean hasGoneBack;

    Window(long blocks, int size) {
        this.blocks = blocks;
        this.size = size;
    }

    boolean isDone() {
        return acknowledged == blocks;
    }

    /// The next block to send, or 0 where an acknowledgement has to come first.
    long next() {
        if (sent == blocks || sent - acknowledged == size) {
            return 0;
        }
        return ++sent;
    }

    /// Takes an acknowledgement.
    ///
    /// @param number 0 to 65535
    /// @return whether it brought us on
    boolean acknowledge(int number) {
        long distance = number - acknowledged & 0xffff;
        if (distance == 0) {
            // The first block of a larger window was lost: go back, but once. With a window of one
            // it is a packet that came twice, and an answer would double all that follow.
            if (size > 1 && !hasGoneBack && sent > acknowledged) {
                hasGoneBack = true;
                sent = acknowledged;
            }
            return false;
        }
        if (distance > sent - acknowledged) {
            return false;
        }
        acknowledged += distance;
        sent = acknowledged;
        hasGoneBack = false;
        return true;
    }

    /// Nothing came for too long: all that is not acknowledged is sent again.
    void goBack() {
        sent = acknowledged;
    }
}
