package dev.formwork.bench.ssh;

import dev.formwork.bench.report.MachineFacts;
import dev.formwork.bench.report.ScratchDirectory;
import dev.formwork.bench.report.Series;
import dev.formwork.bench.ssh.SshReport.AnsibleFigure;
import dev.formwork.bench.ssh.SshReport.FleetFigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// The benchmark: ours and Ansible take turns on the same hosts, round by round, each first without
/// a connection and then with those that it has made; ours once more with new connections in the
/// program that runs already, as the engine does.
public final class Ssh {
    private final SshSizes sizes;
    private final Consumer<String> progress;

    /// @param progress told what is being measured
    public Ssh(SshSizes sizes, Consumer<String> progress) {
        this.sizes = sizes;
        this.progress = progress;
    }

    /// One turn: seconds.
    ///
    /// @param cpu of the client, cold
    private record Turn(double cold, double again, double cpu) {}

    /// One turn of ours.
    ///
    /// @param anew seconds with new connections
    /// @param others seconds of CPU of all else on this host, cold
    private record OurTurn(Turn turn, double anew, double others) {}

    /// What it takes, besides what ours is compared with; empty where that is there.
    public static Optional<String> missing() {
        return Files.isExecutable(Path.of(SshSite.SERVER))
                ? Optional.empty()
                : Optional.of("there is no sshd (Debian: openssh-server)");
    }

    /// @param parent where a directory is made, and deleted in the end
    /// @param command that repeats it
    public SshReport measure(Path parent, String command) throws IOException, InterruptedException {
        Optional<String> noAnsible = Ansible.missing();
        List<FleetFigure> figures = new ArrayList<>();
        try (ScratchDirectory scratch = new ScratchDirectory(parent)) {
            MachineFacts machine = MachineFacts.of(scratch.path());
            for (SshSizes.Fleet fleet : sizes.fleets()) {
                figures.add(figure(fleet, scratch.path(), noAnsible.isEmpty()));
            }
            return new SshReport(
                    "ssh",
                    command,
                    Clock.systemUTC().instant(),
                    machine,
                    MachineFacts.loadNow(),
                    sizes.parallel(),
                    figures,
                    noAnsible.stream().toList());
        }
    }

    private FleetFigure figure(SshSizes.Fleet fleet, Path scratch, boolean withAnsible)
            throws IOException, InterruptedException {
        List<OurTurn> ours = new ArrayList<>();
        List<Turn> ansibles = new ArrayList<>();
        try (SshSite site =
                SshSite.start(scratch.resolve("sshd-" + fleet.hosts()), fleet.hosts())) {
            Path addresses = scratch.resolve("addresses-" + fleet.hosts());
            Files.write(addresses, site.addresses());
            for (int round = 1; round <= fleet.rounds(); round++) {
                ours.add(ours(site, addresses));
                progress.accept(
                        "ssh: %d hosts, round %d, formwork: %s"
                                .formatted(fleet.hosts(), round, ours.getLast()));
                if (withAnsible) {
                    ansibles.add(ansible(site, scratch.resolve("a" + fleet.hosts() + "-" + round)));
                    progress.accept(
                            "ssh: %d hosts, round %d, ansible: %s"
                                    .formatted(fleet.hosts(), round, ansibles.getLast()));
                }
            }
        }
        List<Double> cold = each(ours, turn -> turn.turn().cold());
        List<Double> again = each(ours, turn -> turn.turn().again());
        List<Double> anew = each(ours, OurTurn::anew);
        List<Double> cpu = each(ours, turn -> turn.turn().cpu());
        return new FleetFigure(
                fleet.hosts(),
                Series.of(cold, 3),
                Series.of(anew, 3),
                Series.of(again, 3),
                Series.of(cpu, 2),
                Series.of(each(ours, OurTurn::others), 2),
                ansibles.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new AnsibleFigure(
                                        Series.of(each(ansibles, Turn::cold), 2),
                                        Series.of(each(ansibles, Turn::again), 2),
                                        Series.of(each(ansibles, Turn::cpu), 2),
                                        Series.ratios(each(ansibles, Turn::cold), cold),
                                        Series.ratios(each(ansibles, Turn::cold), anew),
                                        Series.ratios(each(ansibles, Turn::again), again),
                                        Series.ratios(each(ansibles, Turn::cpu), cpu))));
    }

    private OurTurn ours(SshSite site, Path addresses) throws IOException {
        int hosts = site.addresses().size();
        double before = CpuTime.ofHost();
        long began = System.nanoTime();
        try (FanOutProgram.Started program =
                FanOutProgram.Started.on(site, addresses, sizes.parallel())) {
            program.require(hosts);
            double cold = since(began);
            double cpu = program.cpu();
            double others = CpuTime.ofHost() - before - cpu;
            began = System.nanoTime();
            program.again();
            program.require(hosts);
            double again = since(began);
            began = System.nanoTime();
            program.anew();
            program.require(hosts);
            return new OurTurn(new Turn(cold, again, cpu), since(began), others);
        }
    }

    private Turn ansible(SshSite site, Path folder) throws IOException, InterruptedException {
        try (Ansible ansible = new Ansible(folder, site, sizes.parallel())) {
            double before = CpuTime.ofEndedChildren();
            long began = System.nanoTime();
            ansible.run();
            double cold = since(began);
            double cpu = CpuTime.ofEndedChildren() - before;
            began = System.nanoTime();
            ansible.run();
            return new Turn(cold, since(began), cpu);
        }
    }

    private static double since(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    private static <T> List<Double> each(List<T> turns, Function<T, Double> figure) {
        return turns.stream().map(figure).toList();
    }
}
