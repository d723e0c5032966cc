package dev.formwork.boot.script;

import java.util.List;

/// Writes iPXE scripts. A script is lines of words; `${...}` is expanded before a line is split. No
/// text of a machine gets in: iPXE itself says it in a URL, as hexadecimal digits, and what comes
/// back from us is made of values that [LinuxBoot] has checked.
final class IpxeScripts {
    /// A setting of iPXE: what is to become of the script that every machine gets first.
    private static final String END = "formwork-end";

    private static final String DISK = "disk";

    /// Six lines of a screen.
    private static final int LONGEST = 480;

    private IpxeScripts() {}

    /// The script that every machine gets first: it comes back and says who it is. The same for
    /// all.
    ///
    /// @param url where to, such as `http://10.0.0.1/boot/script`
    static String identify(String url) {
        return script(
                // Cards without a link, or that are not there, are empty and left out by us.
                "chain --autofree "
                        + url
                        + "?mac=${netX/mac}&mac=${net0/mac}&mac=${net1/mac}&mac=${net2/mac}"
                        + "&mac=${net3/mac}&uuid=${uuid}&arch=${buildarch}&platform=${platform}"
                        // Not `uristring`: that lets `&` and `+` through.
                        + "&serial=${serial:hex}&asset=${asset:hex}"
                        // Asset tag of the board: type 2 of SMBIOS, the string named at offset 8.
                        + "&board=${smbios/2.8.0:hex}"
                        + "&manufacturer=${manufacturer:hex}&product=${product:hex}"
                        + " || goto ended",
                ":ended",
                // A script that ends well goes on in the one that called it, and UEFI goes on to
                // its next entry only where iPXE ends badly: so this one does, for the other.
                "iseq ${" + END + "} " + DISK + " && exit 1 ||",
                "echo Formwork does not say what to boot. Asking again in 30 seconds.",
                "sleep 30",
                "reboot");
    }

    /// @param root the URL that paths stand below, ending in a slash
    static String boot(LinuxBoot linux, String root) {
        StringBuilder script = new StringBuilder();
        StringBuilder line = new StringBuilder("kernel ").append(root).append(linux.kernel());
        for (int i = 0; i < linux.initrds().size(); i++) {
            // UEFI kernels find what iPXE loaded by these names.
            line.append(" initrd=initrd").append(i);
        }
        linux.arguments().forEach(argument -> line.append(' ').append(argument));
        script.append(line).append(" || goto failed\n");
        for (int i = 0; i < linux.initrds().size(); i++) {
            script.append("initrd --name initrd")
                    .append(i)
                    .append(' ')
                    .append(root)
                    .append(linux.initrds().get(i))
                    .append(" || goto failed\n");
        }
        return script(
                "echo Formwork boots " + linux.name(),
                script + "boot || goto failed",
                ":failed",
                "echo Formwork cannot boot " + linux.name() + ". Starting again in 30 seconds.",
                "sleep 30",
                "reboot");
    }

    /// UEFI goes on to its next entry when iPXE ends; a BIOS has to be told of its first disk.
    static String localDisk(boolean isUefi) {
        return script(
                "echo Formwork has nothing to do: on to the disk",
                "set " + END + " " + DISK,
                isUefi ? "exit 1" : "sanboot --no-describe --drive 0x80 || exit 1");
    }

    /// @param first the script that every machine gets first
    static String await(String reason, String first) {
        return script(
                "echo " + plain(reason),
                "sleep 5",
                "chain --replace --autofree " + first + " || reboot");
    }

    static String refuse(String reason) {
        return script(
                "echo Formwork refuses: " + plain(reason),
                "echo Starting again in 60 seconds.",
                "sleep 60",
                "reboot");
    }

    /// Hostile text as words that mean nothing to iPXE.
    static String plain(String text) {
        String shown = text.substring(0, Math.min(LONGEST, text.length()));
        String words = shown.replaceAll("[^A-Za-z0-9 .,:_/()-]", "?").strip();
        return words.isEmpty() ? "no reason" : words;
    }

    private static String script(String... lines) {
        return "#!ipxe\n" + String.join("\n", List.of(lines)) + "\n";
    }
}
