package dev.formwork.cli.client;

/// Takes a node's key apart: `path[item]@machine`.
public final class NodeName {
    private NodeName() {}

    /// The path, without item and machine.
    public static String step(String key) {
        int end = key.length();
        int at = key.lastIndexOf('@');
        if (at >= 0) {
            end = at;
        }
        int item = key.indexOf('[');
        return key.substring(0, item >= 0 && item < end ? item : end);
    }

    /// The machine; empty where it runs nowhere.
    public static String machine(String key) {
        int at = key.lastIndexOf('@');
        return at < 0 ? "" : key.substring(at + 1);
    }
}
