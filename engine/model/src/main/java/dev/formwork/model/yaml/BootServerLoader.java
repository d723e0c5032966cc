package dev.formwork.model.yaml;

import dev.formwork.model.boot.BootServerSpec;
import dev.formwork.model.boot.Strangers;
import dev.formwork.model.yaml.Decoding.NameRule;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Loads `kind: BootServer`.
public final class BootServerLoader {
    private static final int STANDARD_HTTP = 7480;
    private static final Duration STANDARD_LEASE = Duration.ofHours(12);

    private BootServerLoader() {}

    /// Loads a file that holds one.
    ///
    /// @param file as problems are to name it
    /// @throws dev.formwork.model.ProblemException with every problem of the file
    public static BootServerSpec load(String file, String text) {
        return Documents.one(file, text, BootServerLoader::decode);
    }

    private static Optional<BootServerSpec> decode(Marked document, Decoding context) {
        return Kinds.of(document, List.of("BootServer"), context)
                .map(_ -> spec(Fields.open(document, Shape.BOOT_SERVER, context), context));
    }

    private static BootServerSpec spec(Fields fields, Decoding context) {
        return new BootServerSpec(
                fields.text("image"),
                fields.map("ignition", context::text),
                fields.map("http", context::text),
                texts(fields, "links", context),
                fields.map("http_port", node -> context.integer(node, 1, 65_535))
                        .orElse(STANDARD_HTTP),
                fields.map("proxy", context::flag).orElse(false),
                fields.map("programs", context::text),
                fields.map("subnets", node -> subnets(node, context)).orElse(List.of()),
                fields.map("ask", context::flag).orElse(false),
                fields.find("strangers")
                        .flatMap(node -> strangers(node, context))
                        .orElse(Strangers.HOLD),
                texts(fields, "engines", context),
                texts(fields, "arguments", context),
                texts(fields, "mirrors", context),
                texts(fields, "known_servers", context));
    }

    private static Optional<Strangers> strangers(Marked node, Decoding context) {
        List<Strangers> all = List.of(Strangers.values());
        return context.word(
                node,
                all.stream().map(BootServerLoader::word).toList(),
                text -> all.stream().filter(each -> word(each).equals(text)).findFirst());
    }

    private static String word(Strangers strangers) {
        return strangers.name().toLowerCase(Locale.ROOT);
    }

    private static List<BootServerSpec.Subnet> subnets(Marked node, Decoding context) {
        return items(node, context)
                .map(item -> {
                    Fields fields = Fields.open(item, Shape.SUBNET, context);
                    return new BootServerSpec.Subnet(
                            fields.text("network"),
                            texts(fields, "ranges", context),
                            texts(fields, "routers", context),
                            texts(fields, "name_servers", context),
                            fields.text("domain"),
                            fields.map("lease", context::timeout).orElse(STANDARD_LEASE),
                            fields.map("reservations", each -> reservations(each, context))
                                    .orElse(List.of()),
                            fields.at());
                })
                .toList();
    }

    private static List<BootServerSpec.Reservation> reservations(Marked node, Decoding context) {
        return items(node, context)
                .map(item -> {
                    Fields fields = Fields.open(item, Shape.RESERVATION, context);
                    return new BootServerSpec.Reservation(
                            fields.text("mac"),
                            fields.text("address"),
                            fields.map("name", each -> context.name(each, NameRule.LABEL)));
                })
                .toList();
    }

    private static Stream<Marked> items(Marked node, Decoding context) {
        if (node instanceof Marked.Items(List<Marked> items, _)) {
            return items.stream();
        }
        context.wrongType(node, "a list");
        return Stream.empty();
    }

    private static List<String> texts(Fields fields, String key, Decoding context) {
        return fields.map(
                        key,
                        node ->
                                List.copyOf(
                                        context.distinct(
                                                node,
                                                item ->
                                                        Optional.of(context.text(item))
                                                                .filter(it -> !it.isEmpty()))))
                .orElse(List.of());
    }
}
