package dev.formwork.model.yaml;

import dev.formwork.model.Location;
import dev.formwork.model.module.Expression;
import dev.formwork.model.module.Template;
import dev.formwork.model.value.Value;
import dev.formwork.model.yaml.ExpressionScanner.Piece;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Decodes values in which `${{ }}` may stand, single expressions, and values in which none may.
final class Templates {
    private static final String OPEN = "${{";

    private final Decoding context;

    Templates(Decoding context) {
        this.context = context;
    }

    /// A subtree without expressions becomes one constant.
    Template template(Marked node) {
        return switch (node) {
            case Marked.Scalar scalar -> scalar(scalar);
            case Marked.Items(List<Marked> items, Location at) -> {
                List<Template> templates = items.stream().map(this::template).toList();
                if (templates.stream().allMatch(Templates::isConstant)) {
                    yield new Template.Constant(
                            Value.of(templates.stream().map(Templates::constant).toList()), at);
                }
                yield new Template.Items(templates, at);
            }
            case Marked.Mapping(Map<String, Marked.Entry> entries, Location at) -> {
                Map<String, Template> templates = new LinkedHashMap<>();
                entries.forEach((key, entry) -> {
                    if (key.contains(OPEN)) {
                        notHere(entry.at(), "a key");
                    }
                    templates.put(key, template(entry.value()));
                });
                if (templates.values().stream().allMatch(Templates::isConstant)) {
                    Map<String, Value> fields = new LinkedHashMap<>();
                    templates.forEach((key, template) -> fields.put(key, constant(template)));
                    yield new Template.Constant(Value.of(fields), at);
                }
                yield new Template.Fields(templates, at);
            }
        };
    }

    /// A text, and nothing else.
    Template text(Marked node) {
        context.text(node);
        return template(node);
    }

    /// A file beside the YAML whose whole text is a template.
    Template text(String text, String file) {
        Span span =
                new Span(new Location(file, 1, 1), text.codePoints().toArray(), 0, text.length());
        return scalar(new Marked.Scalar(Value.of(text), text, span));
    }

    /// A value that holds no expression; `what` names it in the message.
    Value constant(Marked node, String what) {
        Template template = template(node);
        template.expressions().forEach(expression -> notHere(expression.location(), what));
        return isConstant(template) ? constant(template) : Value.nil();
    }

    /// As [#constant], for a mapping.
    Value.Struct struct(Marked node, String what) {
        if (node instanceof Marked.Mapping && constant(node, what) instanceof Value.Struct struct) {
            return struct;
        }
        if (!(node instanceof Marked.Mapping)) {
            context.wrongType(node, "a mapping");
        }
        return Value.Struct.EMPTY;
    }

    /// CEL as it stands, or in a `${{ }}` around the whole.
    Expression expression(Marked node) {
        if (node instanceof Marked.Scalar scalar && scalar.value() instanceof Value.Bool) {
            return new Expression(scalar.written(), scalar.at());
        }
        String text = context.text(node).strip();
        Expression broken = new Expression("", node.at());
        if (!(node instanceof Marked.Scalar scalar) || !(scalar.value() instanceof Value.Text)) {
            return broken;
        }
        if (text.isEmpty()) {
            empty(node.at());
            return broken;
        }
        if (!text.startsWith(OPEN)) {
            return new Expression(text, scalar.span().text());
        }
        Template template = scalar(scalar);
        if (template instanceof Template.Computed(Expression expression)) {
            return expression;
        }
        if (template instanceof Template.Mixed) {
            String hint = "write it without ${{ }}, or put them around the whole";
            context.report(node.at(), "expression.mixed", "this has to be one expression", hint);
        }
        return broken;
    }

    private Template scalar(Marked.Scalar node) {
        if (!(node.value() instanceof Value.Text(String text)) || !text.contains(OPEN)) {
            return new Template.Constant(node.value(), node.at());
        }
        List<Piece> pieces = ExpressionScanner.split(text);
        List<Location> places = node.span().openings();
        boolean exact = places.size() == ExpressionScanner.countOpenings(text);
        List<Template.Part> parts = new ArrayList<>();
        for (Piece piece : pieces) {
            switch (piece) {
                case Piece.Literal(String literal) -> parts.add(new Template.Part.Literal(literal));
                case Piece.Code(String source, int opening) -> {
                    Location at = exact ? places.get(opening) : node.at();
                    if (source.isEmpty()) {
                        empty(at);
                    }
                    parts.add(new Template.Part.Inserted(new Expression(source, at)));
                }
                case Piece.Unterminated(int opening) ->
                        context.report(
                                exact ? places.get(opening) : node.at(),
                                "expression.unterminated",
                                "the expression has no }}",
                                "close it, and the strings in it; $${{ writes a literal ${{");
            }
        }
        return assemble(parts, node);
    }

    private static Template assemble(List<Template.Part> parts, Marked.Scalar node) {
        // A block (`|`, `>`) ends in a newline that nobody means.
        if (parts.size() == 2
                && node.span().isBlock()
                && parts.get(1) instanceof Template.Part.Literal(String rest)
                && rest.isBlank()) {
            return assemble(parts.subList(0, 1), node);
        }
        if (parts.isEmpty()) {
            return new Template.Constant(Value.of(""), node.at());
        }
        if (parts.size() == 1) {
            return switch (parts.getFirst()) {
                case Template.Part.Inserted(Expression expression) ->
                        new Template.Computed(expression);
                case Template.Part.Literal(String literal) ->
                        new Template.Constant(Value.of(literal), node.at());
            };
        }
        return new Template.Mixed(parts, node.at());
    }

    private void empty(Location at) {
        context.report(at, "expression.empty", "the expression is empty", null);
    }

    private void notHere(Location at, String what) {
        String detail = "an expression cannot stand in " + what;
        context.report(at, "expression.not-here", detail, "$${{ writes a literal ${{");
    }

    private static boolean isConstant(Template template) {
        return template instanceof Template.Constant;
    }

    private static Value constant(Template template) {
        if (template instanceof Template.Constant(Value value, _)) {
            return value;
        }
        throw new IllegalStateException("not a constant: " + template.location());
    }
}
