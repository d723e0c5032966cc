package dev.formwork.provider.ssh;

import dev.formwork.model.ProblemException;
import dev.formwork.model.hardware.Hardware;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceState;
import dev.formwork.provider.ssh.inventory.Host;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// What a host says of itself at one moment.
///
/// @param mark whose it is; null where it is nobody's
/// @param isLeftOver whether there are a machine's files and no mark: somebody removed that by hand
/// @param flags of `confirmed`, `ready`, `deleting`, `running`, and `worked` where somebody works
///   the machine without an agent
record HostState(Host host, @Nullable Mark mark, boolean isLeftOver, Set<String> flags) {
    private static final String LEFT_OVER = "left-over";
    private static final String FLAGS = "flags";

    HostState {
        flags = Set.copyOf(flags);
    }

    /// @throws ProblemException `ssh.damaged-mark`
    static HostState parse(Host host, List<String> lines) {
        if (lines.isEmpty()) {
            return new HostState(host, null, false, Set.of());
        }
        if (lines.equals(List.of(LEFT_OVER))) {
            return new HostState(host, null, true, Set.of());
        }
        String last = lines.getLast();
        try {
            if (!last.startsWith(FLAGS)) {
                throw new IllegalArgumentException("no flags");
            }
            List<String> flags =
                    Arrays.stream(last.substring(FLAGS.length()).strip().split(" ", -1))
                            .filter(flag -> !flag.isEmpty())
                            .distinct()
                            .toList();
            return new HostState(
                    host, Mark.parse(lines.subList(0, lines.size() - 1)), false, Set.copyOf(flags));
        } catch (RuntimeException damaged) {
            throw ProblemException.of(
                    "ssh.damaged-mark",
                    "%s/mark on host %s is not what the ssh provider wrote"
                            .formatted(host.directory(), host),
                    "restore it; or end what runs in %s there and remove it"
                            .formatted(host.directory()));
        }
    }

    boolean isFree() {
        return mark == null && !isLeftOver;
    }

    boolean has(String flag) {
        return flags.contains(flag);
    }

    /// The machine, of the mark that must be there.
    Instance instance(Mark of) {
        return new Instance(
                new HostRef(host.name(), of.ref()).ref(),
                of.machine(),
                of.name(),
                host.ipAddress(),
                progress(),
                of.createdAt(),
                of.labels(),
                Hardware.NONE);
    }

    private InstanceState progress() {
        if (has("deleting")) {
            return InstanceState.DELETING;
        }
        if (!has("ready")) {
            return InstanceState.CREATING;
        }
        return has("running") || has("worked") ? InstanceState.RUNNING : InstanceState.STOPPED;
    }
}
