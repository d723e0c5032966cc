package dev.formwork.provider.local;

import dev.formwork.model.MachineId;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.host.MachineHome;

import java.nio.file.Files;
import java.nio.file.Path;

/// The directory of one machine, by the names of what is in it:
///
/// | name | what |
/// |---|---|
/// | `machine.json` | the [dev.formwork.provider.host.MachineRecord] |
/// | `boot-token` | what the agent registers with |
/// | `agent/` | the agent's own, with `agent/state` for the jobs |
/// | `agent.pid` | process id, start time and boot id of the agent |
/// | `agent.log`, `power.log` | what the agent and the scripts print |
/// | `boot-id` | of this boot, and the host's |
/// | `powered-off` | there while the machine is off |
/// | `lock` | held by the scripts while they start and end processes |
/// | `bin/` | the scripts `launch`, `power`, `reboot`, `power-off` |
///
/// @param home the directory itself
record MachineDirectory(MachineHome home) {
    MachineId machine() {
        return home.machine();
    }

    Path path() {
        return home.path();
    }

    Path record() {
        return home.record();
    }

    Path bootToken() {
        return home.file("boot-token");
    }

    Path agent() {
        return home.file("agent");
    }

    Path agentPid() {
        return home.file("agent.pid");
    }

    Path agentLog() {
        return home.file("agent.log");
    }

    Path powerLog() {
        return home.file("power.log");
    }

    Path bootId() {
        return home.file("boot-id");
    }

    Path poweredOff() {
        return home.file("powered-off");
    }

    /// @throws dev.formwork.model.ProblemException `provider.conflict` where it was switched off
    void requireOn(InstanceRef ref) {
        if (Files.exists(poweredOff())) {
            throw ProviderCode.CONFLICT.problem(
                    "instance %s is switched off".formatted(ref), "switch it on");
        }
    }

    Path bin(String script) {
        return home.file("bin").resolve(script);
    }
}
