package dev.formwork.cli.demo;

import dev.formwork.model.Problems;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// What the demo needs of this host, looked at before anything is made.
final class Preflight {
    private static final Map<String, String> PROGRAMS = new LinkedHashMap<>();

    static {
        String debian = "the demo fetches etcd's packages from Debian, Ubuntu or a descendant";
        PROGRAMS.put("apt-get", debian);
        PROGRAMS.put("dpkg-deb", debian);
        PROGRAMS.put("openssl", "apt-get install openssl");
        PROGRAMS.put("setsid", "apt-get install util-linux");
        PROGRAMS.put("flock", "apt-get install util-linux");
        PROGRAMS.put("sha256sum", "apt-get install coreutils");
    }

    private final HostPrograms programs;
    private final boolean linux;

    /// @param path as in `PATH`
    Preflight(String path, boolean linux) {
        this.programs = new HostPrograms(path);
        this.linux = linux;
    }

    static Preflight here(Map<String, String> environment) {
        return new Preflight(
                environment.getOrDefault("PATH", ""), Files.exists(Path.of("/proc/self/stat")));
    }

    /// @throws dev.formwork.model.ProblemException `demo.needs-linux`, `demo.missing-program`, all
    ///   that is missing
    void check() {
        Problems problems = new Problems();
        if (!linux) {
            problems.add(
                    null,
                    "demo.needs-linux",
                    "the demo's machines are processes of this host, which has to be a Linux",
                    "use a virtual machine or a container with Debian");
        }
        PROGRAMS.forEach((program, hint) -> {
            if (!programs.has(program)) {
                problems.add(
                        null, "demo.missing-program", "there is no " + program + " here", hint);
            }
        });
        problems.throwIfAny();
    }
}
