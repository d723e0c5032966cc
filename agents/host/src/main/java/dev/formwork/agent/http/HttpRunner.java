package dev.formwork.agent.http;

import dev.formwork.agent.disk.DurableFile;
import dev.formwork.agent.runner.Launch;
import dev.formwork.agent.runner.Runner;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// Makes an HTTP call, with the Java that runs the agent: nothing else has to be on the machine.
/// The script is the call, as JSON; its inputs come from `$FORMWORK_INPUTS`.
public final class HttpRunner implements Runner {
    /// Whatever keeps Java from answering is no answer to a check.
    private static final String CHECK =
            "\"$@\"; case $? in 0) exit 0 ;; %d) exit 1 ;; *) exit 2 ;; esac"
                    .formatted(CallMain.DOES_NOT_HOLD);

    @Override
    public String name() {
        return "http";
    }

    @Override
    public List<String> command(Launch launch) throws IOException {
        DurableFile.createPrivateFolder(launch.scratch());
        DurableFile.replace(launch.scratch().resolve(CallMain.TYPES), launch.outputTypes());
        List<String> command = new ArrayList<>();
        if (launch.check()) {
            command.addAll(List.of("/bin/sh", "-c", CHECK, "call"));
        }
        command.addAll(call(launch));
        return command;
    }

    private static List<String> call(Launch launch) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                classPath(),
                CallMain.class.getName(),
                launch.script().toString(),
                launch.scratch().toString(),
                launch.check() ? "check" : "run");
    }

    /// Of the agent, which may have been started in another folder than the call will be.
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(part -> !part.isEmpty())
                .map(part -> Path.of(part).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
