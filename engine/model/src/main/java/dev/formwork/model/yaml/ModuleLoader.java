package dev.formwork.model.yaml;

import dev.formwork.model.Location;
import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.module.Ansible;
import dev.formwork.model.module.Container;
import dev.formwork.model.module.FileTree;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.Module;
import dev.formwork.model.module.Script;
import dev.formwork.model.module.Task;
import dev.formwork.model.module.Terraform;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Loads the folder of one module: `module.yaml` and what lies beside it.
public final class ModuleLoader {
    /// The file that makes a folder a module.
    public static final String FILE = "module.yaml";

    private ModuleLoader() {}

    /// Loads a module whose problems are to name `module.yaml`.
    ///
    /// @throws ProblemException with every problem of the module
    public static LoadedModule load(FileTree folder) {
        return load(folder, "");
    }

    /// Loads a module.
    ///
    /// @param folder the files, by their paths below the module's folder
    /// @param path of the folder, as problems are to name it, such as `etcd/member`; may be empty
    /// @throws ProblemException with every problem of the module: `yaml.*`, `expression.*`,
    ///   `module.*`, `workflow.*`
    public static LoadedModule load(FileTree folder, String path) {
        String file = path.isEmpty() ? FILE : path + "/" + FILE;
        Location start = new Location(file, 1, 1);
        for (String each : folder.files().keySet()) {
            if (!ModulePaths.isSafe(each)) {
                String detail = "a module cannot hold the file '" + Names.abbreviate(each) + "'";
                throw new ProblemException(
                        Problem.at(start, "module.bad-path", detail, ModulePaths.HINT));
            }
        }
        byte[] bytes =
                folder.file(FILE)
                        .orElseThrow(() ->
                                new ProblemException(
                                        Problem.at(
                                                start,
                                                "module.no-module-yaml",
                                                "the folder has no " + FILE,
                                                null)));
        String text = YamlReader.decode(file, bytes);
        Module module =
                Documents.one(
                        file,
                        text,
                        (document, context) -> new ModuleDecoder(context, folder).module(document));
        return new LoadedModule(module, folder, codeDigest(module, folder));
    }

    /// Over what is executed. The parts that are in no file enter under names that no file can
    /// have.
    private static String codeDigest(Module module, FileTree folder) {
        TreeMap<String, byte[]> code = new TreeMap<>(folder.only(ModuleLoader::isExecuted).files());
        if (module instanceof Task task) {
            put(code, "runner", task.runner());
            task.container().ifPresent(container -> put(code, "container", text(container)));
            task.ansible().ifPresent(ansible -> put(code, "ansible", text(ansible)));
            task.terraform().ifPresent(terraform -> put(code, "terraform", text(terraform)));
            put(code, "run", text(task.run()));
            task.check().ifPresent(script -> put(code, "check", text(script)));
            task.undo().ifPresent(script -> put(code, "undo", text(script)));
        }
        return new FileTree(code).digest();
    }

    private static boolean isExecuted(String path) {
        return !path.equals(FILE) && !path.startsWith("tests/") && !path.endsWith(".md");
    }

    private static void put(Map<String, byte[]> code, String name, String text) {
        code.put(":" + name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Script script) {
        return switch (script) {
            case Script.FromFile(String path) -> "file:" + path;
            case Script.Inline(String text) -> "inline:" + text;
        };
    }

    /// Another text for each that is another: only words of the command can hold any character.
    private static String text(Container container) {
        StringBuilder text = new StringBuilder();
        text.append(container.image().orElse("")).append('\n');
        container.archive().ifPresent(archive -> text.append(archive.sha256()).append('\n'));
        text.append(container.network()).append('\n');
        for (Container.Mount mount : container.mounts()) {
            text.append(mount.path()).append('\n').append(mount.at()).append('\n');
            text.append(mount.readOnly()).append('\n');
        }
        for (String word : container.command()) {
            text.append(word.length()).append(':').append(word);
        }
        return text.toString();
    }

    /// None of its names has a space or a line's end.
    private static String text(Ansible ansible) {
        // Not `diff`: it is of the log alone.
        return String.join(
                "\n",
                ansible.inventory().orElse(""),
                ansible.privateKey().orElse(""),
                ansible.knownHosts().orElse(""),
                ansible.vaultPassword().orElse(""),
                String.join(" ", ansible.groups()),
                String.join(" ", ansible.tags()),
                String.join(" ", ansible.skipTags()));
    }

    /// As with [#text(Ansible)].
    private static String text(Terraform terraform) {
        return String.join(
                "\n",
                terraform.binary(),
                String.valueOf(terraform.backend()),
                terraform.state().orElse(""),
                terraform.workspace().orElse(""),
                String.join(" ", terraform.targets()));
    }

    static Optional<String> folderOf(String path) {
        return path.endsWith("/" + FILE)
                ? Optional.of(path.substring(0, path.length() - FILE.length() - 1))
                : Optional.empty();
    }
}
