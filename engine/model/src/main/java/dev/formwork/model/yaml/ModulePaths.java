package dev.formwork.model.yaml;

import dev.formwork.model.Names;
import dev.formwork.model.module.FileTree;

import java.util.Arrays;

/// Which paths a pack or a module may hold: they become files on machines, whoever sent them.
final class ModulePaths {
    static final String HINT = "parts with / between, without .., at most 255 characters";

    private static final int MAX_LENGTH = 255;

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
