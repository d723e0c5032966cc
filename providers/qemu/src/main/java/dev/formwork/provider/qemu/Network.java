package dev.formwork.provider.qemu;

import java.util.Optional;

/// How the machines of a provider are connected.
sealed interface Network {
    /// QEMU's user-mode network, and a second card on a segment of all machines. Needs no root.
    record User(Segment segment) implements Network {}

    /// A bridge that is there already, with a tap for each machine. Needs root.
    ///
    /// @param netns the network namespace that it is in, if it is in one
    record Bridge(String name, Optional<String> netns) implements Network {}
}
