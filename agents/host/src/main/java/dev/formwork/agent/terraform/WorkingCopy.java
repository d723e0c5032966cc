package dev.formwork.agent.terraform;

import dev.formwork.agent.disk.DurableFile;
import dev.formwork.agent.disk.Folders;
import dev.formwork.agent.protocol.ProtocolJson;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.stream.Stream;

/// A copy of the module's folder, which stays as it is: Terraform writes beside a configuration,
/// and reads there what it is told. Goes when the program ends, with all values that are in it.
final class WorkingCopy {
    /// Behind those that a module brings: the last one counts.
    private static final String VARIABLES = "zzz-formwork.auto.tfvars.json";

    /// Takes the place of what the configuration says itself.
    private static final String OVERRIDE = "formwork_override.tf.json";

    /// Where Terraform leaves a state that it could not save.
    private static final String ERRORED = "errored.tfstate";

    private final Order order;
    private final Path root;
    private final Path folder;

    /// @param root the copy, which is not there yet
    WorkingCopy(Order order, Path root) {
        this.order = order;
        this.root = root;
        this.folder = root.resolve(Path.of(order.module()).relativize(Path.of(order.folder())));
    }

    /// Of the configuration.
    Path folder() {
        return folder;
    }

    /// Makes it anew.
    ///
    /// @param variables JSON of them all, by name; is moved
    void make(Path variables) throws IOException {
        remove();
        Path home = Path.of(order.home());
        DurableFile.createPrivateFolder(home);
        Path module = Path.of(order.module());
        Files.walkFileTree(
                module,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path each, BasicFileAttributes attributes) throws IOException {
                        DurableFile.createPrivateFolder(copy(each));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path each, BasicFileAttributes attributes)
                            throws IOException {
                        Files.copy(each, copy(each));
                        return FileVisitResult.CONTINUE;
                    }

                    private Path copy(Path each) {
                        return root.resolve(module.relativize(each));
                    }
                });
        Files.move(variables, folder.resolve(VARIABLES));
        if (!order.backend()) {
            ObjectNode override = JsonNodeFactory.instance.objectNode();
            ObjectNode local =
                    override.putObject("terraform").putObject("backend").putObject("local");
            local.put("path", home.resolve("terraform.tfstate").toString());
            local.put("workspace_dir", home.resolve("workspaces").toString());
            DurableFile.replace(folder.resolve(OVERRIDE), ProtocolJson.write(override));
        }
    }

    /// A state of an earlier attempt that nobody has saved yet.
    ///
    /// @throws TerraformException `terraform.state-not-saved`: without it all would be made again
    void requireNoneUnsaved() throws IOException, TerraformException {
        try (Stream<Path> files = Files.list(Path.of(order.home()))) {
            Optional<Path> unsaved =
                    files.filter(file -> String.valueOf(file.getFileName()).startsWith("errored-"))
                            .findFirst();
            if (unsaved.isPresent()) {
                throw unsaved(unsaved.get());
            }
        }
    }

    /// Keeps a state that Terraform could not save.
    ///
    /// @throws TerraformException `terraform.state-not-saved` where there is one
    void keepUnsaved(String job) throws IOException, TerraformException {
        Path state = folder.resolve(ERRORED);
        if (Files.exists(state)) {
            Path kept = Path.of(order.home()).resolve("errored-" + job + ".tfstate");
            DurableFile.replace(kept, Files.readAllBytes(state));
            throw unsaved(kept);
        }
    }

    private TerraformException unsaved(Path state) {
        return new TerraformException(
                "terraform.state-not-saved",
                "the state could not be saved, and lies in "
                        + state
                        + "; save it with "
                        + order.binary()
                        + " state push, and remove the file");
    }

    /// Removes it, as far as it is there.
    void remove() throws IOException {
        Folders.delete(root);
    }
}
