package dev.formwork.image;

import dev.formwork.image.tree.ImageTree;

import java.util.List;

/// The files of the root that come from this module and from no package.
final class RootFiles {
    private static final String BOOT = "usr/lib/formwork/boot/";

    private RootFiles() {}

    static void addTo(ImageTree root, List<String> options) {
        for (String each : List.of("dev", "proc", "sys", "run", "mnt", "var/lib/formwork")) {
            root.directory(each, 0755);
        }
        root.directory("tmp", 01777);
        root.directory("root", 0700);
        root.link("var/run", "/run");
        for (String applet : Recipe.text("applets.txt").split("\\s+", -1)) {
            if (!applet.isEmpty() && !root.contains("usr/bin/" + applet)) {
                root.link("usr/bin/" + applet, "busybox");
            }
        }
        for (String each : List.of("init", "modprobe", "reboot", "poweroff", "halt")) {
            root.link("usr/sbin/" + each, "../bin/busybox");
        }
        String inittab = Recipe.text("root/inittab");
        if (options.contains("ssh")) {
            root.file(BOOT + "ssh", 0755, Recipe.text("root/ssh"));
            inittab += "::respawn:/" + BOOT + "ssh\n";
        }
        root.file("etc/inittab", 0644, inittab);
        if (options.contains("ignition")) {
            ignition(root);
        }
        for (String sourced : List.of("words", "ask")) {
            root.file(BOOT + sourced, 0644, Recipe.text("root/" + sourced));
        }
        for (String script :
                List.of(
                        "start",
                        "drivers",
                        "link",
                        "lease",
                        "configure",
                        "cards",
                        "ignition",
                        "agent",
                        "stop")) {
            root.file(BOOT + script, 0755, Recipe.text("root/" + script));
        }
        root.file("etc/hostname", 0644, "formwork\n");
        root.file("etc/hosts", 0644, "127.0.0.1 localhost\n::1 localhost\n");
        root.link("etc/resolv.conf", "/run/formwork/resolv.conf");
        root.file("etc/nsswitch.conf", 0644, "passwd: files\ngroup: files\nhosts: files dns\n");
        root.file(
                "etc/passwd",
                0644,
                "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n");
        root.file("etc/group", 0644, "root:x:0:\ntty:x:5:\nnogroup:x:65534:\n");
        root.file("etc/shells", 0644, "/bin/sh\n/bin/bash\n");
        root.file("etc/shadow", 0600, "root:*:19000::::::\nnobody:*:19000::::::\n");
        root.file(
                "etc/os-release",
                0644,
                "ID=formwork\nNAME=\"Formwork container OS\"\nID_LIKE=debian\nVERSION_ID=1\n");
    }

    /// Debian has it label every file that it writes for SELinux, which the kernel here lacks. So
    /// there are a policy without labels, and a program to label by it that does nothing.
    private static void ignition(ImageTree root) {
        root.link("usr/bin/ignition", "../lib/dracut/modules.d/30ignition/ignition");
        root.file("etc/selinux/config", 0644, "SELINUX=disabled\nSELINUXTYPE=none\n");
        root.file("usr/sbin/setfiles", 0755, "#!/bin/sh\nexit 0\n");
    }
}
