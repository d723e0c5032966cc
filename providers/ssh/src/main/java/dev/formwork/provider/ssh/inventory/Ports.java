package dev.formwork.provider.ssh.inventory;

/// Ports as people write them.
final class Ports {
    private Ports() {}

    /// From 1 to 65535; 0 where it is none.
    static int parse(String text) {
        if (!text.matches("[0-9]{1,5}")) {
            return 0;
        }
        int port = Integer.parseInt(text);
        return port > Host.HIGHEST_PORT ? 0 : port;
    }
}
