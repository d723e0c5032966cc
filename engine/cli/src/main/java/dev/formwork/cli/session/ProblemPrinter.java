package dev.formwork.cli.session;

import dev.formwork.cli.document.Format;
import dev.formwork.cli.terminal.Printable;
import dev.formwork.cli.terminal.Style;
import dev.formwork.model.Location;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;

import org.jspecify.annotations.Nullable;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Prints what is wrong in the same words as the engine: place, code, detail, hint.
public final class ProblemPrinter {
    private static final String INDENT = "    ";

    private final Session session;

    public ProblemPrinter(Session session) {
        this.session = session;
    }

    /// On standard error; as a document on standard output where one is wanted.
    public void print(ProblemException exception) {
        if (session.format() == Format.TABLE) {
            text(exception.problems(), session.err());
        } else {
            session.document(document(exception.problems()));
        }
    }

    /// What nobody expected.
    public void printUnexpected(Exception exception) {
        PrintWriter err = session.err();
        err.println(
                session.style().red("error:")
                        + " cli.unexpected: "
                        + Printable.line(String.valueOf(exception)));
        if (session.verbose()) {
            exception.printStackTrace(err);
        } else {
            err.println(INDENT + "hint: this is a bug of Formwork; -v shows where it comes from");
        }
        err.flush();
    }

    /// Each problem on lines that editors and people can follow: `file:line:column: code: detail`.
    public void text(List<Problem> problems, PrintWriter to) {
        Style style = session.style();
        int width = session.terminal().output() ? session.terminal().width() : 0;
        for (Problem problem : problems) {
            Location location = problem.location();
            String place = location == null ? "error" : Printable.line(location.toString());
            String head = place + ": " + problem.code() + ": " + printable(problem.detail());
            List<String> lines =
                    width == 0 ? List.of(head.split("\n", -1)) : Printable.wrap(head, width);
            to.println(
                    location == null && lines.getFirst().startsWith("error:")
                            ? style.red("error:") + lines.getFirst().substring("error:".length())
                            : style.bold(lines.getFirst()));
            lines.stream().skip(1).forEach(line -> to.println(INDENT + line));
            hint(problem.hint(), width, to);
        }
        to.flush();
    }

    /// `{problems: [{code, detail, hint, location}]}`, as in the API.
    public static Value.Struct document(List<Problem> problems) {
        return Session.struct(
                "problems", Value.of(problems.stream().map(ProblemPrinter::one).toList()));
    }

    private static Value.Struct one(Problem problem) {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("code", Value.of(problem.code()));
        fields.put("detail", Value.of(problem.detail()));
        String hint = problem.hint();
        if (hint != null) {
            fields.put("hint", Value.of(hint));
        }
        Location at = problem.location();
        if (at != null) {
            fields.put(
                    "location",
                    Session.struct(
                            "file", Value.of(at.file()),
                            "line", Value.of(at.line()),
                            "column", Value.of(at.column())));
        }
        return Value.of(fields);
    }

    private static void hint(@Nullable String hint, int width, PrintWriter to) {
        if (hint == null) {
            return;
        }
        String text = "hint: " + printable(hint);
        (width == 0 ? List.of(text.split("\n", -1)) : Printable.wrap(text, width - INDENT.length()))
                .forEach(line -> to.println(INDENT + line));
    }

    private static String printable(String text) {
        return Printable.text(text);
    }
}
