package dev.formwork.cli.demo;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/// etcd as one archive that machines without any package sources fetch from the engine: taken out
/// of the distribution's packages by the pack's own `etcd/from-distribution`, as it is.
final class EtcdArchive {
    private final Path module;
    private final Path work;

    /// @param pack the standard pack
    /// @param work a directory of the demo, for what is fetched
    EtcdArchive(Path pack, Path work) {
        this.module = pack.resolve("etcd/from-distribution");
        this.work = work;
    }

    /// The archive; made where it is not there yet.
    ///
    /// @throws ProblemException `demo.etcd-failed`
    Path make() throws InterruptedException {
        Path archive = work.resolve("etcd.tar.gz");
        if (Files.isRegularFile(archive)) {
            return archive;
        }
        try {
            Path outputs = Files.createDirectories(work.resolve("outputs"));
            run(
                    List.of("bash", module.resolve("scripts/unpack.sh").toString()),
                    Map.of(
                            "INPUT_VERSION", "",
                            "FORMWORK_STATE", work.toString(),
                            "FORMWORK_OUTPUTS", outputs.toString(),
                            "FORMWORK_MODULE_DIR", module.toString()));
            String bin = Files.readString(outputs.resolve("bin")).strip();
            Path part = work.resolve("etcd.tmp");
            run(List.of("tar", "-czhf", part.toString(), "-C", bin, "etcd", "etcdctl"), Map.of());
            Files.move(part, archive, StandardCopyOption.REPLACE_EXISTING);
            return archive;
        } catch (IOException e) {
            throw new ProblemException(
                    List.of(Problem.of("demo.etcd-failed", "etcd cannot be fetched: " + e)), e);
        }
    }

    private void run(List<String> command, Map<String, String> more)
            throws IOException, InterruptedException {
        HostPrograms.Ended ended = HostPrograms.run(work, command, more);
        if (ended.status() != 0) {
            throw ProblemException.of(
                    "demo.etcd-failed",
                    "etcd cannot be fetched: " + ended.said(),
                    "the demo takes it from the package sources of this host");
        }
    }
}
