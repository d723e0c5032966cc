package dev.formwork.provider.bmc;

/// A node with the controller by which it is managed.
public record ManagedNode(Node node, ManagementController controller) {
    public String name() {
        return node.name();
    }
}
