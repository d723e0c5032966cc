package dev.formwork.model.yaml;

import dev.formwork.model.Location;
import dev.formwork.model.Names;
import dev.formwork.model.module.BootEnvironment;
import dev.formwork.model.module.BootFile;
import dev.formwork.model.module.FileTree;
import dev.formwork.model.module.Template;
import dev.formwork.model.value.Value;

import java.util.LinkedHashMap;
import java.util.Map;

/// Decodes `files` of a boot environment: texts in which `${{ }}` may stand, files of the module's
/// folder that are such texts, and JSON.
final class BootFileDecoder {
    private final Decoding context;
    private final Templates templates;
    private final FileTree folder;

    BootFileDecoder(Decoding context, FileTree folder) {
        this.context = context;
        this.templates = new Templates(context);
        this.folder = folder;
    }

    Map<String, BootFile> files(Marked node) {
        Map<String, BootFile> files = new LinkedHashMap<>();
        if (!(node instanceof Marked.Mapping(Map<String, Marked.Entry> entries, _))) {
            context.wrongType(node, "a mapping");
            return files;
        }
        entries.forEach((path, entry) -> {
            if (!BootEnvironment.PATH.matcher(path).matches()) {
                context.report(
                        entry.at(),
                        "yaml.bad-name",
                        "'" + Names.abbreviate(path) + "' is no path of such a file",
                        "letters, digits and ._- with / between, such as preseed.cfg");
            }
            files.put(path, file(entry.value()));
        });
        return files;
    }

    private BootFile file(Marked node) {
        if (!(node instanceof Marked.Mapping)) {
            return new BootFile.Text(templates.text(node));
        }
        Fields fields = Fields.open(node, Shape.BOOT_FILE, context);
        long forms = Shape.BOOT_FILE.keys().stream().filter(fields::has).count();
        if (forms != 1) {
            context.badValue(node, "a file is one of `file`, `text` and `json`", null);
        }
        return fields.find("json")
                .<BootFile>map(json -> new BootFile.Json(templates.template(json)))
                .or(() -> fields.find("file").map(file -> new BootFile.Text(ofFolder(file))))
                .or(() -> fields.find("text").map(text -> new BootFile.Text(templates.text(text))))
                .orElse(new BootFile.Text(new Template.Constant(Value.of(""), node.at())));
    }

    private Template ofFolder(Marked node) {
        String path = ModulePaths.file(node, folder, "make the file, or write its text", context);
        String shown = beside(path);
        return folder.file(path)
                .map(bytes -> templates.text(YamlReader.decode(shown, bytes), shown))
                .orElse(new Template.Constant(Value.of(""), new Location(shown, 1, 1)));
    }

    /// A file of the module's folder as problems are to name it.
    private String beside(String path) {
        String module = context.file();
        return module.substring(0, module.lastIndexOf('/') + 1) + path;
    }
}
