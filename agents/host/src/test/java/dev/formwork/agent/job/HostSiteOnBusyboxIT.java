package dev.formwork.agent.job;

import dev.formwork.testkit.Needs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A host whose shell and programs are BusyBox's.
final class HostSiteOnBusyboxIT extends HostSiteIT {
    @Override
    List<String> command(Path own) throws IOException {
        Needs.programs("busybox");
        for (String program :
                List.of(
                        "base64",
                        "cat",
                        "date",
                        "find",
                        "grep",
                        "head",
                        "mkdir",
                        "mv",
                        "rm",
                        "sha256sum",
                        "sleep",
                        "sort",
                        "stat",
                        "sync",
                        "tail",
                        "tr")) {
            Path file =
                    Files.writeString(
                            own.resolve(program),
                            "#!/bin/sh\nexec busybox %s \"$@\"\n".formatted(program));
            if (!file.toFile().setExecutable(true)) {
                throw new IOException("not executable: " + file);
            }
        }
        return List.of("env", "PATH=" + own + ":/usr/bin:/bin", "busybox", "sh", "-s");
    }
}
