package dev.formwork.model.yaml;

import dev.formwork.model.pool.PoolSpec;
import dev.formwork.model.pool.PoolSpec.Clean;
import dev.formwork.model.value.Value;
import dev.formwork.model.yaml.Decoding.NameRule;

import java.util.List;
import java.util.Optional;

/// Loads `kind: Pool`.
public final class PoolLoader {
    private static final List<Clean> WORDS =
            List.of(new Clean.Nothing(), new Clean.PowerOff(), new Clean.Delete());
    private static final int MOST_MACHINES = 10_000;

    private PoolLoader() {}

    /// Loads a file that holds one.
    ///
    /// @param file as problems are to name it
    /// @throws dev.formwork.model.ProblemException with every problem of the file: `yaml.*`,
    ///   `expression.*`, `pool.no-source`
    public static PoolSpec load(String file, String text) {
        return Documents.one(file, text, PoolLoader::decode);
    }

    private static Optional<PoolSpec> decode(Marked document, Decoding context) {
        return Kinds.of(document, List.of("Pool"), context)
                .map(_ -> pool(Fields.open(document, Shape.POOL, context), context));
    }

    private static PoolSpec pool(Fields fields, Decoding context) {
        if (!fields.has("where") && !fields.has("make")) {
            context.report(
                    fields.at(),
                    "pool.no-source",
                    "the pool does not say where its machines come from",
                    "write `where:` for machines that are known, `make:` to have them made,"
                            + " or both");
        }
        return new PoolSpec(
                fields.name("name", NameRule.LABEL),
                fields.map("where", new Templates(context)::expression),
                fields.map("make", node -> make(node, context)),
                fields.find("clean")
                        .flatMap(node -> clean(node, context))
                        .orElse(new Clean.Nothing()),
                fields.at());
    }

    private static PoolSpec.Make make(Marked node, Decoding context) {
        Fields fields = Fields.open(node, Shape.MAKE, context);
        int most = fields.map("most", each -> context.integer(each, 0, MOST_MACHINES)).orElse(0);
        return new PoolSpec.Make(
                fields.name("provider", NameRule.LABEL),
                fields.map("machine", each -> new Templates(context).struct(each, "`machine`"))
                        .orElse(Value.Struct.EMPTY),
                most,
                fields.map("keep", each -> context.integer(each, 0, most)).orElse(0));
    }

    private static Optional<Clean> clean(Marked node, Decoding context) {
        if (node instanceof Marked.Mapping) {
            return Fields.open(node, Shape.CLEAN, context)
                    .map("run", module -> context.name(module, NameRule.MODULE))
                    .map(Clean.Run::new);
        }
        return context.word(
                node,
                WORDS.stream().map(Clean::words).toList(),
                text -> WORDS.stream().filter(it -> it.words().equals(text)).findFirst());
    }
}
