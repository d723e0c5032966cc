package dev.formwork.model.yaml;

import dev.formwork.model.Names;
import dev.formwork.model.module.FileTree;

import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Which paths a pack or a module may hold: they become files on machines, whoever sent them.
final class ModulePaths {
    static final String HINT = "parts with / between, without .., at most 255 characters";

    private static final int MAX_LENGTH = 255;

    /// Files that Terraform or OpenTofu reads as a part of a configuration.
    private static final Pattern CONFIGURATION = Pattern.compile("\\.(tf|tofu)(\\.json)?$");

    private static final String EXAMPLE = "infra/main.tf";

    private ModulePaths() {}

    /// The path of a file of the module's folder, which has to be there.
    ///
    /// @param otherwise a hint, where no file has a name that is near
    static String file(Marked node, FileTree folder, String otherwise, Decoding context) {
        String path = context.text(node);
        if (!isSafe(path)) {
            String detail = "'" + Names.abbreviate(path) + "' is no path below the module's folder";
            context.report(node.at(), "module.bad-path", detail, HINT);
        } else if (folder.file(path).isEmpty()) {
            String detail = "the module's folder has no file " + Names.abbreviate(path);
            String hint = context.didYouMean(path, folder.files().keySet(), otherwise);
            context.report(node.at(), "module.no-such-file", detail, hint);
        }
        return path;
    }

    /// The path of a folder of the module's that holds a configuration of Terraform's.
    static String configuration(Marked node, FileTree folder, Decoding context) {
        String text = context.text(node);
        if (!node.kind().equals("a text")) {
            return text;
        }
        String path = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        if (!isSafe(path)) {
            String detail = "'" + Names.abbreviate(text) + "' is no folder below the module's";
            context.report(node.at(), "module.bad-path", detail, HINT);
            return path;
        }
        SortedSet<String> there = new TreeSet<>();
        for (String file : folder.files().keySet()) {
            int name = file.lastIndexOf('/');
            if (name > 0 && CONFIGURATION.matcher(file).find()) {
                there.add(file.substring(0, name));
            }
        }
        if (!there.contains(path)) {
            String detail =
                    "the module's folder has no configuration in " + Names.abbreviate(path + "/");
            String hint = context.didYouMean(path, there, "make one, such as " + EXAMPLE);
            context.report(node.at(), "module.no-such-file", detail, hint);
        }
        return path;
    }

    /// Relative, `/` between, no empty part, no `.` or `..`, and nothing that another platform
    /// would read as a separator, a drive or a control character.
    static boolean isSafe(String path) {
        return !path.isEmpty()
                && path.length() <= MAX_LENGTH
                && path.chars().noneMatch(c -> c < 0x20 || c == 0x7f || c == '\\' || c == ':')
                && Arrays.stream(path.split("/", -1))
                        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    }
}
