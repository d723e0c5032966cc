package dev.formwork.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// The shell that a machine has, with scripts of its boot. Time does not pass there: what is waited
/// for is written down.
final class MachineShell {
    private static final String APPLETS =
            "cat chmod cut grep head mkdir mkfifo mv nc od printf rm sed sha256sum tail timeout tr"
                    + " wc";

    private final Path folder;
    private final Path busybox;

    /// @param folder that is empty
    /// @param scripts by their names
    MachineShell(Path folder, List<String> scripts) throws IOException {
        this.folder = folder;
        busybox = Workshop.unpacked("busybox").resolve("bin/busybox");
        for (String each : scripts) {
            Files.writeString(
                    folder.resolve(each),
                    Recipe.text("root/" + each).replace("/usr/lib/formwork/boot/", folder + "/"));
        }
        Path bin = Files.createDirectory(folder.resolve("bin"));
        for (String applet : APPLETS.split(" ", -1)) {
            Files.createSymbolicLink(bin.resolve(applet), busybox);
        }
        Files.writeString(bin.resolve("sleep"), "#!/bin/sh\necho \"$1\" >>" + folder + "/waits\n");
        Files.setPosixFilePermissions(
                bin.resolve("sleep"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectory(run());
    }

    /// Another program, beside those of the shell.
    void link(Path program) throws IOException {
        Files.createSymbolicLink(
                folder.resolve("bin").resolve(program.getFileName().toString()), program);
    }

    /// Starts a script on a machine whose kernel was told that its boot server is there.
    Process start(String script, String url, String... arguments) throws IOException {
        Path told =
                Files.writeString(
                        folder.resolve("cmdline"), "quiet formwork.boot=" + url + " console=x\n");
        ProcessBuilder shell =
                new ProcessBuilder(busybox.toString(), "sh", folder.resolve(script).toString());
        shell.command().addAll(List.of(arguments));
        shell.environment().put("PATH", folder.resolve("bin").toString());
        shell.environment().put("FORMWORK_RUN", run().toString());
        shell.environment().put("FORMWORK_CMDLINE", told.toString());
        shell.environment().put("FORMWORK_CONSOLE", folder.resolve("console").toString());
        return shell.redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
    }

    /// What is `/run/formwork` on a machine.
    Path run() {
        return folder.resolve("run");
    }

    /// What the machine has said.
    List<String> console() throws IOException {
        Path console = folder.resolve("console");
        return Files.exists(console) ? Files.readAllLines(console) : List.of();
    }

    void clearConsole() throws IOException {
        Files.delete(folder.resolve("console"));
    }

    /// Seconds, in words.
    List<String> waits() throws IOException {
        Path waits = folder.resolve("waits");
        return Files.exists(waits) ? Files.readAllLines(waits) : List.of();
    }
}
