package dev.formwork.boot.script;

import dev.formwork.boot.address.Octets;
import dev.formwork.boot.content.Content;
import dev.formwork.boot.content.ContentSource;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Optional;

/// Serves the scripts: what to boot is decided when a machine asks.
public final class ScriptSource implements ContentSource {
    /// Path of the script that iPXE is told to load.
    public static final String FIRST = "boot.ipxe";

    private static final String SCRIPT = "boot/script";
    private static final String GRUB = "boot/grub.cfg";
    private static final Logger LOG = LoggerFactory.getLogger(ScriptSource.class);

    private final BootDecider decider;

    public ScriptSource(BootDecider decider) {
        this.decider = decider;
    }

    @Override
    public Optional<Content> find(Asked asked) {
        String server = asked.server();
        return switch (asked.path()) {
            case FIRST ->
                    Optional.of(text(IpxeScripts.identify("http://" + server + "/" + SCRIPT)));
            case SCRIPT -> Optional.of(text(ipxe(asked, server)));
            case GRUB -> Optional.of(text(grub(asked, server)));
            default -> Optional.empty();
        };
    }

    private String ipxe(Asked asked, String server) {
        MachineIdentity machine = MachineIdentity.parse(asked.query());
        String root = "http://" + server + "/";
        return switch (decide(machine, asked)) {
            case Decision.Boot(LinuxBoot linux) -> IpxeScripts.boot(linux, root);
            case Decision.Wait(String reason) -> IpxeScripts.await(reason, root + FIRST);
            case Decision.LocalDisk() -> IpxeScripts.localDisk(machine.isUefi());
            case Decision.Refuse(String reason) -> IpxeScripts.refuse(reason);
        };
    }

    private String grub(Asked asked, String server) {
        return switch (decide(MachineIdentity.parse(asked.query()), asked)) {
            case Decision.Boot(LinuxBoot linux) -> GrubConfig.boot(linux, server);
            case Decision.Wait(String reason) -> GrubConfig.await(reason);
            case Decision.LocalDisk() -> GrubConfig.localDisk();
            case Decision.Refuse(String reason) -> GrubConfig.refuse(reason);
        };
    }

    private Decision decide(MachineIdentity machine, Asked asked) {
        Decision decision = decider.decide(machine, asked.server());
        LOG.info(
                "{} at {}: {}",
                machine.macs(),
                asked.client(),
                decision.getClass().getSimpleName());
        return decision;
    }

    private static Content text(String text) {
        return new Content.Rendered(Octets.ofText(text));
    }
}
