package dev.formwork.model.yaml;

import dev.formwork.model.Names;
import dev.formwork.model.module.FileTree;
import dev.formwork.model.module.Script;

/// Decodes `run`, `check` and `undo`: a file of the module's folder, or the script itself.
final class ScriptDecoder {
    private static final String FOLDER = "scripts/";

    private final Decoding context;
    private final FileTree files;

    ScriptDecoder(Decoding context, FileTree files) {
        this.context = context;
        this.files = files;
    }

    Script script(Marked node) {
        if (node instanceof Marked.Mapping) {
            return longForm(node);
        }
        String text = context.text(node);
        if (text.indexOf('\n') < 0 && text.startsWith(FOLDER)) {
            return file(node);
        }
        if (files.file(text).isPresent()) {
            String detail =
                    "'" + Names.abbreviate(text) + "' would run as a command, not as a file";
            String hint = "write {file: " + text + "}, or put it below " + FOLDER;
            context.report(node.at(), "module.ambiguous-script", detail, hint);
        }
        return inline(text, node);
    }

    private Script longForm(Marked node) {
        Fields fields = Fields.open(node, Shape.SCRIPT, context);
        if (fields.has("file") == fields.has("inline")) {
            context.badValue(node, "a script is either `file` or `inline`", null);
        }
        return fields.find("file")
                .map(this::file)
                .or(() -> fields.find("inline").map(text -> inline(context.text(text), text)))
                .orElse(new Script.Inline(""));
    }

    private Script inline(String text, Marked node) {
        if (text.isBlank() && node.kind().equals("a text")) {
            context.badValue(node, "the script is empty", null);
        }
        return new Script.Inline(text);
    }

    private Script file(Marked node) {
        return new Script.FromFile(
                ModulePaths.file(
                        node,
                        files,
                        "make the file, or write {inline: ...} for a command",
                        context));
    }
}
