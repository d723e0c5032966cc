package dev.formwork.agent.container;

import dev.formwork.agent.disk.DurableFile;
import dev.formwork.agent.protocol.ContainerSpec;
import dev.formwork.agent.runner.Launch;
import dev.formwork.agent.runner.OwnScript;
import dev.formwork.agent.runner.Programs;
import dev.formwork.agent.runner.Runner;
import dev.formwork.agent.runner.RunnerException;
import dev.formwork.agent.transport.UnwantedException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// Executes a script in a container, with `crun`, as root.
///
/// The container is in namespaces of the job's own for mounts and processes, of which the runtime
/// is the first process: however the job is ended, its mounts and all that it has started are gone
/// with it, and nothing has to be cleaned up.
public final class ContainerRunner implements Runner {
    private static final Path SELF = Path.of("/proc/self");

    /// Where the layer above the image can be: others lack what it takes.
    private static final Set<String> BEARS_LAYERS = Set.of("ext2/ext3", "ext4", "xfs", "btrfs");

    private final Images images;

    /// @param images where images are kept
    /// @param jobs the folder of the jobs' folders
    public ContainerRunner(Path images, Path jobs) {
        this.images = new Images(images, jobs);
    }

    @Override
    public String name() {
        return "container";
    }

    @Override
    public List<String> command(Launch launch)
            throws IOException, RunnerException, UnwantedException, InterruptedException {
        ContainerSpec spec = launch.job().container();
        if (spec == null) {
            throw new RunnerException("agent.job-invalid", "the job does not say what container");
        }
        needRoot();
        String hint = "install it, or boot the container OS";
        Programs.need("crun", hint);
        Programs.need("unshare", hint);
        for (ContainerSpec.Mount mount : spec.mounts()) {
            if (!Files.exists(Path.of(mount.path()))) {
                throw new RunnerException(
                        "agent.mount-missing", "there is no " + mount.path() + " on this machine");
            }
        }
        DurableFile.createPrivateFolder(launch.scratch());
        Images.Ready image =
                images.take(spec, launch.scratch().resolve(Bundle.IMAGE), launch.unwanted());
        new Bundle(launch, spec).write(image.environment());
        String layer =
                BEARS_LAYERS.contains(Files.getFileStore(launch.scratch()).type())
                        ? "disk"
                        : "memory";
        return List.of(
                "unshare",
                "-m",
                "-p",
                "-f",
                "sh",
                "-c",
                OwnScript.text(ContainerRunner.class, "launch.sh"),
                "formwork-container",
                launch.scratch().toString(),
                layer);
    }

    private static void needRoot() throws IOException, RunnerException {
        int user = (Integer) Files.getAttribute(SELF, "unix:uid");
        if (user != 0) {
            throw new RunnerException(
                    "agent.needs-root",
                    "containers take an agent that is root, and this one is user " + user);
        }
    }
}
