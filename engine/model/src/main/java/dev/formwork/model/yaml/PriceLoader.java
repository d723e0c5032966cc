package dev.formwork.model.yaml;

import dev.formwork.model.Names;
import dev.formwork.model.price.PriceTable;
import dev.formwork.model.value.Value;
import dev.formwork.model.yaml.Decoding.NameRule;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Loads `kind: Prices`: what an operator says that machines cost.
public final class PriceLoader {
    private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
    private static final Pattern PRICE = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");

    private PriceLoader() {}

    /// Loads a file that holds one table.
    ///
    /// @param file as problems are to name it
    /// @throws dev.formwork.model.ProblemException with every problem of the file
    public static PriceTable load(String file, String text) {
        return Documents.one(file, text, PriceLoader::decode);
    }

    private static Optional<PriceTable> decode(Marked document, Decoding context) {
        return Kinds.of(document, List.of("Prices"), context)
                .map(_ -> table(Fields.open(document, Shape.PRICES, context), context));
    }

    private static PriceTable table(Fields fields, Decoding context) {
        return new PriceTable(
                fields.map(
                                "currency",
                                node ->
                                        context.matching(
                                                node,
                                                CURRENCY,
                                                "is no currency",
                                                "three capital letters, such as EUR"))
                        .orElse(""),
                fields.map("prices", node -> context.list(node, item -> price(item, context)))
                        .orElse(List.of()));
    }

    private static PriceTable.Price price(Marked node, Decoding context) {
        Fields fields = Fields.open(node, Shape.PRICE, context);
        return new PriceTable.Price(
                fields.name("provider", NameRule.LABEL),
                fields.map("machine", each -> new Templates(context).struct(each, "`machine`"))
                        .orElse(Value.Struct.EMPTY),
                fields.map("per_hour", each -> decimal(each, context)).orElse(BigDecimal.ZERO));
    }

    /// As it is written, and not the binary fraction that is next to it.
    private static BigDecimal decimal(Marked node, Decoding context) {
        if (node instanceof Marked.Scalar scalar) {
            if (PRICE.matcher(scalar.written()).matches()) {
                return new BigDecimal(scalar.written());
            }
            context.badValue(
                    node,
                    "'" + Names.abbreviate(scalar.written()) + "' is no price",
                    "such as 0.0816; at most nine digits before and nine behind the point");
        } else {
            context.wrongType(node, "a number");
        }
        return BigDecimal.ZERO;
    }
}
