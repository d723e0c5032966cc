package dev.formwork.bench.providers;

import dev.formwork.bench.lifecycle.Lifecycle;
import dev.formwork.bench.lifecycle.LifecycleSizes;
import dev.formwork.bench.report.Options;
import dev.formwork.bench.ssh.Ssh;
import dev.formwork.bench.ssh.SshSizes;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `providers/bench/run NAME [--json] [--quick] [--directory DIR]`, and `--machines N` of
/// lifecycle.
public final class Main {
    private static final String MACHINES = "--machines";

    private static final String USAGE =
            """
            usage: providers/bench/run NAME [--json] [--quick] [--directory DIR]

              lifecycle        1,000 machines made and released with the in-memory provider
              ssh              one command on 50 and on 500 hosts, beside ansible -m raw

              --json           one JSON object with all figures, instead of tables
              --quick          one short round of each: whether it works, not how fast it is
              --machines N     of lifecycle: how many, instead of 1,000
              --directory DIR  where state and keys are kept, and deleted again (default: the
                               system's temporary directory); state is forced to its disk
            """;

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        Options options =
                Options.parse(List.of(arguments), Set.of(MACHINES)).orElseGet(Main::usage);
        String command = ("providers/bench/run " + String.join(" ", arguments)).strip();
        Optional<Integer> machines = Optional.ofNullable(options.sizes().get(MACHINES));
        if (machines.isPresent() && !options.name().equals("lifecycle")) {
            usage();
        }
        switch (options.name()) {
            case "lifecycle" -> {
                LifecycleSizes sizes =
                        options.quick() ? LifecycleSizes.QUICK : LifecycleSizes.STANDARD;
                options.print(
                        new Lifecycle(
                                        machines.map(sizes::withMachines).orElse(sizes),
                                        Main::progress)
                                .measure(options.directory(), command));
            }
            case "ssh" -> {
                require(Ssh.missing());
                options.print(
                        new Ssh(
                                        options.quick() ? SshSizes.QUICK : SshSizes.STANDARD,
                                        Main::progress)
                                .measure(options.directory(), command));
            }
            default -> usage();
        }
        // What the engine of a benchmark left to its threads is nobody's any more.
        System.exit(0);
    }

    private static void progress(String line) {
        System.err.println(line);
    }

    private static void require(Optional<String> missing) {
        missing.ifPresent(why -> {
            System.err.println("cannot be measured: " + why);
            System.exit(1);
        });
    }

    private static Options usage() {
        System.err.print(USAGE);
        System.exit(2);
        throw new IllegalStateException();
    }
}
