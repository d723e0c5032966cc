package dev.formwork.server.boot;

import dev.formwork.boot.address.HardwareAddress;
import dev.formwork.boot.artifact.Artifact;
import dev.formwork.boot.artifact.ArtifactCache;
import dev.formwork.boot.artifact.Fetches;
import dev.formwork.boot.lease.Observation;
import dev.formwork.boot.script.Architecture;
import dev.formwork.boot.script.BootDecider;
import dev.formwork.boot.script.Decision;
import dev.formwork.boot.script.LinuxBoot;
import dev.formwork.boot.script.MachineIdentity;
import dev.formwork.model.ProblemException;
import dev.formwork.model.module.Download;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Consumer;

/// Has the engine decide, and says it in what a machine boots.
final class Decider implements BootDecider {
    static final String KERNEL = "kernel";
    static final String INITRD = "initrd";

    /// Between the machine and the reason, in what is reported.
    static final String BOOTS_NOTHING = " boots nothing: ";

    private static final Logger LOG = LoggerFactory.getLogger(Decider.class);

    /// How long a machine waits for its script while we fetch what it is to boot.
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final EngineAsked engine;
    private final Files files;
    private final List<String> arguments;
    private final Consumer<Observation> observer;

    /// What machines boot, here.
    ///
    /// @param kernel of the container OS
    record Files(Path kernel, ArtifactCache artifacts, Fetches fetches) {}

    /// @param arguments of the kernel of the container OS, more than those it needs
    /// @param observer is told of each machine that boots nothing
    Decider(
            EngineAsked engine,
            Files files,
            List<String> arguments,
            Consumer<Observation> observer) {
        this.engine = engine;
        this.files = files;
        this.arguments = List.copyOf(arguments);
        this.observer = observer;
    }

    /// Whatever stops the boot, the machine's console says it.
    @Override
    public Decision decide(MachineIdentity machine, String server) {
        try {
            BootDesk.Decision decision = engine.decide(machine, server);
            return switch (decision.boot()) {
                case "container-os" -> containerOs(machine, server);
                case "environment" -> environment(machine, decision.environment().orElseThrow());
                case "local-disk" -> new Decision.LocalDisk();
                default ->
                        refuse(
                                machine,
                                decision.code().orElse("boot.not-wanted"),
                                decision.reason().orElse("nothing to boot"));
            };
        } catch (ProblemException e) {
            LOG.debug("{} boots nothing", machine.macs(), e);
            return refuse(machine, e.code(), e.problems().getFirst().detail());
        }
    }

    private Decision refuse(MachineIdentity machine, String code, String reason) {
        String subject = machine.macs().stream().findFirst().map(Object::toString).orElse("none");
        observer.accept(new Observation(code, subject, subject + BOOTS_NOTHING + reason));
        return new Decision.Refuse(code + ": " + reason);
    }

    private Decision containerOs(MachineIdentity machine, String server) {
        requireFit(machine, "the container OS", files.kernel());
        return new Decision.Boot(
                new LinuxBoot("container-os", KERNEL, List.of(INITRD), arguments(machine, server)));
    }

    /// A machine that loads a kernel of another processor stops without a word.
    ///
    /// @throws ProblemException `boot.no-architecture`
    private static void requireFit(MachineIdentity machine, String what, Path kernel) {
        Optional<Architecture> wanted = Architecture.ofMachine(machine.architecture());
        Optional<Architecture> found;
        try {
            found = Architecture.ofKernel(kernel);
        } catch (IOException e) {
            LOG.warn("What {} is for is not known: {}", kernel, e.toString());
            return;
        }
        if (wanted.isPresent() && found.isPresent() && !wanted.equals(found)) {
            throw ProblemException.of(
                    "boot.no-architecture",
                    "%s is for %s, and this machine is %s"
                            .formatted(what, found.get(), wanted.get()),
                    "give the machine a boot environment for its processor: formwork machine set");
        }
    }

    private Decision environment(MachineIdentity machine, BootDesk.MadeEnvironment made) {
        Artifact kernel = artifact(made.kernel());
        List<Artifact> initrds = made.initrds().stream().map(Decider::artifact).toList();
        LinuxBoot linux =
                new LinuxBoot(
                        made.name(),
                        ArtifactCache.path(kernel),
                        initrds.stream().map(ArtifactCache::path).toList(),
                        made.arguments());
        List<Artifact> all = new ArrayList<>(initrds);
        all.addFirst(kernel);
        try {
            if (!files.fetches().areThere(all, PATIENCE)) {
                return new Decision.Wait("Formwork fetches " + made.name());
            }
            files.artifacts()
                    .file(kernel.sha256())
                    .ifPresent(file -> requireFit(machine, made.name(), file));
            return new Decision.Boot(linux);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Decision.Wait("Formwork stops");
        }
    }

    private static Artifact artifact(Download download) {
        return new Artifact(URI.create(download.url()), download.sha256());
    }

    private List<String> arguments(MachineIdentity machine, String server) {
        List<String> all = new ArrayList<>(arguments);
        // The card that it boots by is the one that leads to us.
        machine.macs().stream()
                .findFirst()
                .map(HardwareAddress::toString)
                .ifPresent(mac -> all.add("BOOTIF=01-" + mac.replace(':', '-')));
        all.add("formwork.boot=http://" + server + "/" + ClaimSource.PATH + "?" + query(machine));
        return all;
    }

    /// As [MachineIdentity#parse] reads it. No secret: whoever is on the machine can read it.
    private static String query(MachineIdentity machine) {
        StringJoiner query = new StringJoiner("&");
        machine.macs().forEach(mac -> query.add("mac=" + mac));
        machine.uuid().ifPresent(uuid -> query.add("uuid=" + uuid));
        query.add("platform=" + (machine.isUefi() ? "efi" : "pcbios"));
        add(query, "serial", machine.serial());
        add(query, "asset", brief(machine.asset()));
        add(query, "board", brief(machine.boardAsset()));
        add(query, "manufacturer", brief(machine.manufacturer()));
        add(query, "product", brief(machine.product()));
        return query.toString();
    }

    /// A kernel's command line has 2,048 characters, and this is for people.
    private static String brief(String text) {
        return text.substring(0, Math.min(24, text.length()));
    }

    private static void add(StringJoiner query, String name, String hostile) {
        if (!hostile.isEmpty()) {
            byte[] octets = hostile.getBytes(StandardCharsets.ISO_8859_1);
            query.add(name + "=" + HexFormat.ofDelimiter(":").formatHex(octets));
        }
    }
}
