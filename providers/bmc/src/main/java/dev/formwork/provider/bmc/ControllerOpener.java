package dev.formwork.provider.bmc;

import dev.formwork.provider.Settings;

/// Makes the controller of one node.
@FunctionalInterface
public interface ControllerOpener {
    /// Contacts nothing.
    ///
    /// @param settings what the configuration says of this node: to read keys from that only one
    ///   protocol has, and to refuse what is wrong with them
    ManagementController open(Node node, Settings settings);
}
