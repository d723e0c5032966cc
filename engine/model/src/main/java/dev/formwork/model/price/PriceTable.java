package dev.formwork.model.price;

import dev.formwork.model.value.Value;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/// What an operator says that machines cost (`kind: Prices`). Exact: prices are decimals, and are
/// added as such.
///
/// @param currency of all prices, such as EUR (ISO 4217)
/// @param prices the first one that fits a machine counts
public record PriceTable(String currency, List<Price> prices) {
    public PriceTable {
        prices = List.copyOf(prices);
    }

    /// The price of some machines of one provider.
    ///
    /// @param machine fits those that the provider is asked for with these values, among others
    /// @param perHour of one machine
    public record Price(String provider, Value.Struct machine, BigDecimal perHour) {
        private boolean fits(String ofProvider, Value.Struct asked) {
            return provider.equals(ofProvider)
                    && machine.fields().entrySet().stream()
                            .allMatch(field ->
                                    field.getValue().equals(asked.fields().get(field.getKey())));
        }
    }

    /// What a machine costs in an hour; empty where nobody has said.
    ///
    /// @param machine what the provider is asked for
    public Optional<BigDecimal> perHour(String provider, Value.Struct machine) {
        return prices.stream()
                .filter(price -> price.fits(provider, machine))
                .map(Price::perHour)
                .findFirst();
    }
}
