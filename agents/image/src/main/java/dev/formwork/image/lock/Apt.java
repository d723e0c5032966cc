package dev.formwork.image.lock;

import dev.formwork.image.command.Command;
import dev.formwork.model.ProblemException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The distribution's packages, as apt is set up to find them.
public final class Apt {
    private final List<String> options;

    /// As it is set up on this machine.
    public Apt() {
        this(List.of());
    }

    /// @param options of apt's settings, such as `Dir::State=/tmp/state`
    Apt(List<String> options) {
        this.options = List.copyOf(options);
    }

    /// The newest version of a package.
    ///
    /// @throws ProblemException `image.package-unknown`, `image.tool-missing`
    public LockedPackage newest(String name, String architecture) {
        Map<String, String> fields = show(name, architecture);
        return new LockedPackage(
                name,
                fields.getOrDefault("Version", ""),
                fields.getOrDefault("Architecture", ""),
                // Updates of security are in an archive of their own, where this is a prefix.
                fields.getOrDefault("Filename", "").replaceFirst("^.*?pool/", "pool/"),
                fields.getOrDefault("SHA256", ""),
                Long.parseLong(fields.getOrDefault("Size", "0")));
    }

    /// The first package that the newest version of another depends on.
    ///
    /// @throws ProblemException `image.package-unknown`, `image.tool-missing`
    public String dependency(String name, String architecture) {
        String depends = show(name, architecture).getOrDefault("Depends", "");
        return depends.split("[ ,(:|]", 2)[0];
    }

    /// Fetches a package into an empty folder.
    ///
    /// @return the file; nothing is said of its digest
    /// @throws ProblemException `image.package-gone`, `image.tool-missing`
    public Path download(LockedPackage wanted, Path folder) throws IOException {
        Command.Result result =
                Command.run(
                        folder,
                        command(
                                "apt-get",
                                "-q",
                                "-o",
                                "APT::Sandbox::User=",
                                "download",
                                wanted.name()
                                        + ":"
                                        + wanted.architecture().replace("all", "amd64")
                                        + "="
                                        + wanted.version()));
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".deb"))
                    .findFirst()
                    .filter(_ -> result.status() == 0)
                    .orElseThrow(() -> gone(wanted, result.lastLine()));
        }
    }

    List<String> command(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(program);
        for (String option : options) {
            command.add("-o");
            command.add(option);
        }
        command.addAll(List.of(arguments));
        return command;
    }

    private static ProblemException gone(LockedPackage wanted, String words) {
        return ProblemException.of(
                "image.package-gone",
                "the package sources of this machine no longer have "
                        + wanted.name()
                        + " "
                        + wanted.version()
                        + ": "
                        + words,
                "run `apt-get update`; where that does not help, `formwork image lock` locks the"
                        + " versions that there are");
    }

    private Map<String, String> show(String name, String architecture) {
        Command.Result result =
                Command.run(
                        Path.of("/"),
                        command(
                                "apt-cache",
                                "show",
                                "--no-all-versions",
                                name + ":" + architecture));
        Map<String, String> fields = new LinkedHashMap<>();
        for (String line : result.output().split("\n", -1)) {
            int colon = line.indexOf(": ");
            if (colon > 0 && line.charAt(0) != ' ') {
                fields.putIfAbsent(line.substring(0, colon), line.substring(colon + 2).strip());
            }
        }
        if (result.status() != 0 || !name.equals(fields.get("Package"))) {
            throw ProblemException.of(
                    "image.package-unknown",
                    "the package sources of this machine have no " + name + " for " + architecture,
                    "run `apt-get update`; the container OS is made of packages of Debian 12");
        }
        return fields;
    }
}
