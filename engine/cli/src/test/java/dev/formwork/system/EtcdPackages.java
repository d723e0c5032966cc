package dev.formwork.system;

import dev.formwork.testkit.Needs;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;

/// etcd out of the distribution's package sources.
final class EtcdPackages {
    private EtcdPackages() {}

    /// As [Needs] does it.
    static void need() {
        Needs.programs("apt-get", "dpkg", "dpkg-deb", "flock", "setsid", "openssl");
        if (Needs.areRequired() || Files.exists(Checkout.cache().resolve("apt/updated"))) {
            return;
        }
        Command sources = Command.run(Duration.ofSeconds(20), List.of("apt-get", "indextargets"));
        String uri =
                sources.output()
                        .lines()
                        .filter(line -> line.startsWith("Repo-URI: http"))
                        .map(line -> line.substring("Repo-URI: ".length()))
                        .findFirst()
                        .orElse("");
        Needs.that(!uri.isEmpty(), "apt has no package sources");
        Needs.that(
                Command.run(
                                        Duration.ofSeconds(20),
                                        List.of("curl", "-sI", "-m", "15", "-o", "/dev/null", uri))
                                .status()
                        == 0,
                "apt's package source cannot be reached: " + uri);
    }
}
