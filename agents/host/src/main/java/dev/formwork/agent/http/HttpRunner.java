package dev.formwork.agent.http;

import dev.formwork.agent.disk.DurableFile;
import dev.formwork.agent.runner.Launch;
import dev.formwork.agent.runner.OwnProgram;
import dev.formwork.agent.runner.Runner;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

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
        return OwnProgram.command(
                CallMain.class,
                64,
                launch.script().toString(),
                launch.scratch().toString(),
                launch.check() ? "check" : "run");
    }
}
