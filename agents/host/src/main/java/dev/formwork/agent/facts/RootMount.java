package dev.formwork.agent.facts;

import dev.formwork.agent.protocol.Facts.Root;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Tells from the table of mounts whether `/` outlives a boot. An overlay does where its upper
/// layer does. Format: proc(5), `/proc/[pid]/mountinfo`.
final class RootMount {
    private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs", "rootfs");

    private final List<Mount> mounts = new ArrayList<>();

    /// @param options of the file system, such as `rw,upperdir=/run/upper`
    private record Mount(String point, String filesystem, String options) {}

    RootMount(List<String> mountinfo) {
        for (String line : mountinfo) {
            // "36 35 98:0 /root /point rw,noatime master:1 - ext3 /dev/root rw,errors=continue"
            int dash = line.indexOf(" - ");
            String[] before = line.substring(0, Math.max(0, dash)).split(" ", -1);
            String[] after = dash < 0 ? new String[0] : line.substring(dash + 3).split(" ", -1);
            if (before.length >= 5 && after.length >= 3) {
                mounts.add(new Mount(before[4], after[0], after[2]));
            }
        }
    }

    /// Null where the table does not say.
    @Nullable Root root() {
        Mount root = null;
        for (Mount mount : mounts) {
            // What is mounted last on a point covers what was there.
            root = mount.point.equals("/") ? mount : root;
        }
        return root == null ? null : new Root(root.filesystem, persistent(root));
    }

    private boolean persistent(Mount root) {
        if (!root.filesystem.equals("overlay")) {
            return !IN_MEMORY.contains(root.filesystem);
        }
        for (String option : root.options.split(",", -1)) {
            if (option.startsWith("upperdir=")) {
                Mount layer = below(option.substring("upperdir=".length()), root);
                // A directory that can't be seen from here is a container's, on its host's disk.
                return layer == null || !IN_MEMORY.contains(layer.filesystem);
            }
        }
        // Without an upper layer nothing is ever written.
        return true;
    }

    /// The mount that a directory lay on before the root covered it: the one with the longest
    /// point.
    private @Nullable Mount below(String directory, Mount root) {
        Mount found = null;
        for (Mount mount : mounts) {
            String point = mount.point.equals("/") ? "/" : mount.point + "/";
            boolean holds = !mount.equals(root) && (directory + "/").startsWith(point);
            if (holds && (found == null || mount.point.length() >= found.point.length())) {
                found = mount;
            }
        }
        return found;
    }
}
