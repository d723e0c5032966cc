package dev.formwork.bench.ssh;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `ansible -m raw` on the hosts of a site: as it is if nobody configures it, with ControlMasters
/// of OpenSSH that outlive it by ten minutes. For one thread.
final class Ansible implements AutoCloseable {
    static final String PROGRAM = "ansible";

    private final Path folder;
    private final Path inventory;
    private final int parallel;
    private final int hosts;

    /// @param folder of its own, with a short path: sockets are in it
    Ansible(Path folder, SshSite site, int parallel) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.parallel = parallel;
        this.hosts = site.addresses().size();
        this.inventory = folder.resolve("hosts.ini");
        List<String> lines = new ArrayList<>(site.addresses());
        lines.addAll(
                List.of(
                        "[all:vars]",
                        "ansible_port=" + site.port(),
                        "ansible_user=" + System.getProperty("user.name"),
                        "ansible_ssh_private_key_file=" + site.clientKey(),
                        "ansible_ssh_common_args='-o UserKnownHostsFile=%s'"
                                .formatted(site.knownHosts())));
        Files.write(inventory, lines);
        Files.createFile(folder.resolve("ansible.cfg"));
    }

    static Optional<String> missing() {
        for (String each : Optional.ofNullable(System.getenv("PATH")).orElse("").split(":", -1)) {
            if (Files.isExecutable(Path.of(each, PROGRAM))) {
                return Optional.empty();
            }
        }
        return Optional.of("there is no ansible (Debian: ansible-core)");
    }

    /// Runs the command on all hosts once.
    ///
    /// @throws IOException where it was not as it should on one
    void run() throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(
                                PROGRAM,
                                "all",
                                "-i",
                                inventory.toString(),
                                "-f",
                                Integer.toString(parallel),
                                "-m",
                                "raw",
                                "-a",
                                "echo ok")
                        .redirectErrorStream(true);
        builder.environment()
                .putAll(
                        Map.of(
                                "HOME",
                                folder.toString(),
                                "ANSIBLE_CONFIG",
                                folder.resolve("ansible.cfg").toString(),
                                "ANSIBLE_SSH_CONTROL_PATH_DIR",
                                folder.resolve("cp").toString(),
                                "ANSIBLE_SSH_ARGS",
                                "-C -o ControlMaster=auto -o ControlPersist=600s",
                                "ANSIBLE_NOCOLOR",
                                "1",
                                "LC_ALL",
                                "C.UTF-8"));
        Process process = builder.start();
        List<String> said = new ArrayList<>();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            out.lines().forEach(said::add);
        }
        int code = process.waitFor();
        long did = said.stream().filter("ok"::equals).count();
        if (code != 0 || did != hosts) {
            throw new IOException(
                    "ansible did on %d of %d hosts: %s"
                            .formatted(did, hosts, String.join("\n", said)));
        }
    }

    /// Ends its ControlMasters: their command line names the folder.
    @Override
    public void close() {
        String sockets = folder.resolve("cp") + "/";
        ProcessHandle.allProcesses()
                .filter(each -> commandLine(each.pid()).contains(sockets))
                .forEach(ProcessHandle::destroyForcibly);
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(
                    Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException _) {
            return "";
        }
    }
}
