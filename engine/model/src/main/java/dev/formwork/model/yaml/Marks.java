package dev.formwork.model.yaml;

import dev.formwork.model.Location;
import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Converts SnakeYAML's graph, which aliases can make exponential or endless, into a tree of
/// bounded depth, number and text. One per file: documents share the budget.
final class Marks {
    static final int MAX_DEPTH = 40;
    static final String FEWER = "write less of it, with fewer aliases";
    private static final int MAX_NODES = 100_000;
    private static final long MAX_TEXT = 4L * YamlReader.MAX_BYTES;

    private final Decoding context;
    private final int[] source;
    private int nodes;
    private long characters;

    Marks(Decoding context, int[] source) {
        this.context = context;
        this.source = source;
    }

    Marked convert(Node node) {
        return convert(node, 1);
    }

    private Marked convert(Node node, int depth) {
        Location at = YamlReader.at(context.file(), node.getStartMark());
        if (depth > MAX_DEPTH) {
            throw tooComplex(at, "nested more than " + MAX_DEPTH + " levels deep", null);
        }
        if (++nodes > MAX_NODES) {
            throw tooComplex(at, "more than " + MAX_NODES + " values, aliases expanded", FEWER);
        }
        return switch (node) {
            case ScalarNode scalar -> scalar(scalar, at);
            case SequenceNode sequence -> {
                requireTag(node, Tag.SEQ, at);
                List<Marked> items = new ArrayList<>();
                for (Node item : sequence.getValue()) {
                    items.add(convert(item, depth + 1));
                }
                yield new Marked.Items(items, at);
            }
            case MappingNode mapping -> {
                requireTag(node, Tag.MAP, at);
                yield mapping(mapping, at, depth);
            }
            default -> throw new IllegalStateException("not a YAML node: " + node.getNodeId());
        };
    }

    private Marked.Mapping mapping(MappingNode mapping, Location at, int depth) {
        Map<String, Marked.Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Location keyAt = YamlReader.at(context.file(), tuple.getKeyNode().getStartMark());
            Marked value = convert(tuple.getValueNode(), depth + 1);
            if (!(tuple.getKeyNode() instanceof ScalarNode scalar)
                    || scalar.getTag().equals(Tag.NULL)) {
                context.report(keyAt, "yaml.wrong-type", "a key has to be a text", null);
                continue;
            }
            String key = scalar(scalar, keyAt).written();
            if (key.equals("<<") && scalar.isPlain()) {
                String hint = "write the keys out, or use an alias for the whole value";
                context.report(keyAt, "yaml.bad-value", "merge keys (<<) are not supported", hint);
                continue;
            }
            Marked.Entry first = entries.putIfAbsent(key, new Marked.Entry(key, keyAt, value));
            if (first != null) {
                context.report(
                        keyAt,
                        "yaml.duplicate-key",
                        Names.abbreviate(key) + " stands here twice",
                        "the first is in line " + first.at().line());
            }
        }
        return new Marked.Mapping(entries, at);
    }

    private Marked.Scalar scalar(ScalarNode node, Location at) {
        String text = node.getValue();
        characters += text.length();
        if (characters > MAX_TEXT) {
            throw tooComplex(at, "more than " + MAX_TEXT + " characters, aliases expanded", FEWER);
        }
        int from = node.getStartMark().getIndex();
        Span span = new Span(at, source, from, node.getEndMark().getIndex());
        return new Marked.Scalar(value(node, text, at), text, span);
    }

    private Value value(ScalarNode node, String text, Location at) {
        Tag tag = node.getTag();
        if (tag.equals(Tag.STR)) {
            return Value.of(text);
        } else if (tag.equals(Tag.NULL)) {
            return Value.nil();
        } else if (tag.equals(Tag.BOOL)) {
            return Value.of(text.equalsIgnoreCase("true"));
        } else if (tag.equals(Tag.INT)) {
            return integer(text, at);
        } else if (tag.equals(Tag.FLOAT)) {
            return real(text, at);
        }
        requireTag(node, Tag.STR, at);
        return Value.of(text);
    }

    private Value integer(String text, Location at) {
        String digits = text.startsWith("+") || text.startsWith("-") ? text.substring(1) : text;
        boolean leadingZero = digits.length() > 1 && digits.matches("0[0-9]+");
        if (leadingZero) {
            String detail = Names.abbreviate(text) + " is octal to some readers, decimal to others";
            context.report(at, "yaml.bad-value", detail, "quote it, or write 0o644 for octal");
            return Value.of(0);
        }
        try {
            if (text.startsWith("0o")) {
                return Value.of(Long.parseLong(text.substring(2), 8));
            } else if (text.startsWith("0x")) {
                return Value.of(Long.parseLong(text.substring(2), 16));
            }
            return Value.of(Long.parseLong(text));
        } catch (NumberFormatException _) {
            String detail = Names.abbreviate(text) + " does not fit into 64 bits";
            context.report(at, "yaml.bad-value", detail, "quote it, if it is a text");
            return Value.of(0);
        }
    }

    private Value real(String text, Location at) {
        double number;
        try {
            number = Double.parseDouble(text);
        } catch (NumberFormatException _) {
            number = Double.NaN;
        }
        if (!Double.isFinite(number)) {
            String detail = Names.abbreviate(text) + " is no finite number";
            context.report(at, "yaml.bad-value", detail, "quote it, if it is a text");
            return Value.of(0);
        }
        return Value.of(number);
    }

    private void requireTag(Node node, Tag tag, Location at) {
        if (!node.getTag().equals(tag)) {
            String detail = "the tag " + Names.abbreviate(node.getTag().getValue());
            context.report(at, "yaml.bad-tag", detail + " is not allowed", "leave the tag out");
        }
    }

    private static ProblemException tooComplex(Location at, String detail, @Nullable String hint) {
        return new ProblemException(Problem.at(at, "yaml.too-complex", detail, hint));
    }
}
