package dev.formwork.boot.script;

/// Writes GRUB configuration. Every value stands in single quotes, and holds none.
final class GrubConfig {
    private GrubConfig() {}

    /// @param server name or address of the HTTP server, with its port
    static String boot(LinuxBoot linux, String server) {
        String root = "(http," + server + ")/";
        StringBuilder config = new StringBuilder("echo 'Formwork boots " + linux.name() + "'\n");
        config.append("linux ").append(quoted(root + linux.kernel()));
        linux.arguments().forEach(each -> config.append(' ').append(quoted(each)));
        config.append('\n');
        if (!linux.initrds().isEmpty()) {
            config.append("initrd");
            linux.initrds().forEach(each -> config.append(' ').append(quoted(root + each)));
            config.append('\n');
        }
        return config.append("boot\n").toString();
    }

    static String localDisk() {
        return "echo 'Formwork has nothing to do: on to the disk'\nexit 1\n";
    }

    static String await(String reason) {
        return "echo " + quoted(IpxeScripts.plain(reason)) + "\nsleep 10\nreboot\n";
    }

    static String refuse(String reason) {
        return "echo "
                + quoted("Formwork refuses: " + IpxeScripts.plain(reason))
                + "\nsleep 60\nreboot\n";
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
