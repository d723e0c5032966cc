package dev.formwork.model.yaml;

import dev.formwork.model.Names;
import dev.formwork.model.module.Ansible;
import dev.formwork.model.module.FileTree;
import dev.formwork.model.module.HttpCall;
import dev.formwork.model.module.Script;
import dev.formwork.model.module.Terraform;
import dev.formwork.model.value.Value;

import java.util.Set;

/// Decodes `run`, `check` and `undo`: a file of the module's folder, or the script itself.
final class ScriptDecoder {
    private static final String FOLDER = "scripts/";

    private static final String PUPPET = "puppet";

    /// Of these a script is a file or a folder of a tree of files: no line of text is one. And they
    /// can say what they would change.
    private static final Set<String> DECLARATIVE = Set.of(Ansible.RUNNER, PUPPET, Terraform.RUNNER);

    private final Decoding context;
    private final FileTree files;
    private final String runner;
    private final HttpCallDecoder calls;

    ScriptDecoder(Decoding context, FileTree files, String runner, HttpCallDecoder calls) {
        this.context = context;
        this.files = files;
        this.runner = runner;
        this.calls = calls;
    }

    /// A script, or `true`: what `run` would change.
    Script check(Marked node, Script run) {
        if (!isTrue(node)) {
            if (runner.equals(Terraform.RUNNER)) {
                return onlyTrue(node, "what a configuration would change is its plan", run);
            }
            if (runner.equals(HttpCall.RUNNER)) {
                checkReadsOnly(node);
            }
            return script(node);
        }
        if (!DECLARATIVE.contains(runner)) {
            context.report(
                    node.at(),
                    "module.check-needs-script",
                    "the runner " + Names.abbreviate(runner) + " can't say what it would change",
                    "write a script that ends with 0 or 1, such as check: scripts/check.sh");
        }
        return run;
    }

    /// A script; of a configuration `true`: what it has made is destroyed.
    Script undo(Marked node, Script run) {
        if (!runner.equals(Terraform.RUNNER)) {
            return script(node);
        }
        return isTrue(node)
                ? run
                : onlyTrue(node, "what a configuration has made it destroys", run);
    }

    private static boolean isTrue(Marked node) {
        return node instanceof Marked.Scalar scalar
                && scalar.value() instanceof Value.Bool(boolean yes)
                && yes;
    }

    private Script onlyTrue(Marked node, String why, Script run) {
        context.badValue(node, why, "write true, or leave it out");
        return run;
    }

    private void checkReadsOnly(Marked node) {
        Fields call = Fields.reopen(node, Shape.CALL, context);
        String method = call.map("method", context::text).orElse("GET");
        if (HttpCall.METHODS.contains(method) && !HttpCall.SAFE.contains(method)) {
            context.badValue(
                    call.find("method").orElse(node),
                    "a check changes nothing, and a " + method + " may",
                    "GET or HEAD");
        }
    }

    Script script(Marked node) {
        if (runner.equals(HttpCall.RUNNER)) {
            return calls.call(node);
        }
        if (runner.equals(Terraform.RUNNER)) {
            return new Script.FromFile(ModulePaths.configuration(node, files, context));
        }
        if (node instanceof Marked.Mapping) {
            return longForm(node);
        }
        String text = context.text(node);
        boolean isLine = text.indexOf('\n') < 0;
        if (isLine && (text.startsWith(FOLDER) || DECLARATIVE.contains(runner))) {
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
