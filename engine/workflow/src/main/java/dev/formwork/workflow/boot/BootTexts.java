package dev.formwork.workflow.boot;

import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.Problems;
import dev.formwork.model.module.Expression;
import dev.formwork.model.module.Template;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.expression.CompiledTemplate;
import dev.formwork.workflow.expression.Expressions;
import dev.formwork.workflow.expression.Reference;
import dev.formwork.workflow.expression.Scope;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/// A text for a machine, of which nothing that is inserted becomes more than it is: it stays within
/// its line, and what a machine has said of itself is a word, so that it neither ends a quotation
/// nor is expanded by a shell or by kickstart. Immutable.
final class BootTexts {
    /// What no installer, shell or configuration takes for anything but itself.
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_./:=,@%+~-]*");

    private static final Pattern LINE =
            Pattern.compile("[^\\p{Cc}\\x{85}\\x{2028}\\x{2029}]*", Pattern.DOTALL);

    private static final int LONGEST = 1 << 20;

    private final List<Piece> pieces;

    private sealed interface Piece {
        record Written(String text) implements Piece {}

        /// @param hostile whether it reads what a machine has said
        record Inserted(CompiledTemplate value, Expression expression, boolean hostile)
                implements Piece {}
    }

    private BootTexts(List<Piece> pieces) {
        this.pieces = List.copyOf(pieces);
    }

    static BootTexts of(Template template, Scope scope, Problems problems) {
        List<Piece> pieces = new ArrayList<>();
        switch (template) {
            case Template.Constant(Value value, _) ->
                    pieces.add(new Piece.Written(value.toString()));
            case Template.Computed(Expression expression) ->
                    pieces.add(inserted(expression, scope, problems));
            case Template.Mixed(List<Template.Part> parts, _) ->
                    parts.forEach(part ->
                            pieces.add(
                                    switch (part) {
                                        case Template.Part.Literal(String text) ->
                                                new Piece.Written(text);
                                        case Template.Part.Inserted(Expression expression) ->
                                                inserted(expression, scope, problems);
                                    }));
            case Template.Items _, Template.Fields _ ->
                    throw new IllegalArgumentException("no text: " + template.location());
        }
        return new BootTexts(pieces);
    }

    private static Piece inserted(Expression expression, Scope scope, Problems problems) {
        // As a part of a text, so that it is checked that it can be one.
        Template.Mixed text =
                new Template.Mixed(
                        List.of(new Template.Part.Inserted(expression)), expression.location());
        CompiledTemplate compiled = Expressions.compile(text, scope, problems);
        return new Piece.Inserted(
                compiled,
                expression,
                compiled.references().stream().anyMatch(Reference.Machine.class::isInstance));
    }

    /// @param problems gets `boot.unsafe-value`
    String write(Function<Reference, Value> values, Problems problems) {
        StringBuilder text = new StringBuilder();
        for (Piece piece : pieces) {
            switch (piece) {
                case Piece.Written(String written) -> text.append(written);
                case Piece.Inserted(var value, Expression expression, boolean hostile) -> {
                    String inserted = value.evaluate(values).toString();
                    if (!(hostile ? WORD : LINE).matcher(inserted).matches()) {
                        problems.addAll(List.of(unsafe(expression, inserted, hostile)));
                    }
                    text.append(inserted);
                }
            }
            if (text.length() > LONGEST) {
                throw Problem.of("boot.file-too-large", "the text has more than 1 MiB", null)
                        .exception();
            }
        }
        return text.toString();
    }

    private static Problem unsafe(Expression expression, String inserted, boolean hostile) {
        return Problem.at(
                expression.location(),
                "boot.unsafe-value",
                "this would be inserted: " + Names.abbreviate(inserted),
                hostile
                        ? "what a machine says of itself may have letters, digits and"
                                + " _./:=,@%+~- here; in JSON it may be anything"
                        : "a value in a text has to be one line");
    }
}
