package dev.formwork.boot.script;

import dev.formwork.boot.content.ContentPath;
import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a machine boots: a kernel, what it unpacks, and its command line. Whatever is put into one,
/// also from what a machine said, stands in a script as itself or is refused here.
///
/// @param name for the machine's console: a label, or several with `/` between
/// @param kernel path below our root
/// @param initrds paths below our root, unpacked in this order
/// @param arguments of the kernel's command line, one each
public record LinuxBoot(String name, String kernel, List<String> initrds, List<String> arguments) {
    /// What neither iPXE, GRUB nor the kernel takes for anything but itself. There is no space (it
    /// would begin another argument), no `$`, `|`, `;`, `#`, quote, backslash or brace.
    private static final Pattern ARGUMENT =
            Pattern.compile(
                    "[A-Za-z0-9_./:=,@%+~?*!^()\\[\\]-][A-Za-z0-9_./:=,@%+~?*!^()\\[\\]&-]*");

    private static final int LONGEST_LINE = 2000;

    /// @throws ProblemException `boot.unsafe-value`, one problem for each value
    public LinuxBoot {
        initrds = List.copyOf(initrds);
        arguments = List.copyOf(arguments);
        List<Problem> problems = new ArrayList<>();
        if (!Names.MODULE.matcher(name).matches()) {
            problems.add(problem("name", name, "small letters, digits, dashes and slashes"));
        }
        List<String> paths = new ArrayList<>(initrds);
        paths.addFirst(kernel);
        for (String path : paths) {
            // It stands in a URL and in GRUB's configuration: the strictest of all.
            if (!ContentPath.of(path).equals(Optional.of(path))
                    || !path.matches("[A-Za-z0-9_./+~-]+")) {
                problems.add(problem("path", path, "names of letters, digits and ._+~- with /"));
            }
        }
        for (String argument : arguments) {
            if (!ARGUMENT.matcher(argument).matches()) {
                problems.add(
                        problem(
                                "argument",
                                argument,
                                "no spaces, quotes, or any of $|;#\\{}<>`; several arguments are"
                                        + " several values"));
            }
        }
        if (String.join(" ", arguments).length() > LONGEST_LINE) {
            problems.add(
                    problem("arguments", "", "2,000 characters in all, as old kernels cut it off"));
        }
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
    }

    private static Problem problem(String what, String value, String hint) {
        return Problem.of(
                "boot.unsafe-value",
                "this cannot be a boot environment's " + what + ": " + Names.abbreviate(value),
                hint);
    }
}
