package dev.formwork.model.yaml;

import static dev.formwork.model.yaml.Samples.problems;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.price.PriceTable;
import dev.formwork.model.value.Value;

import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.util.Map;

class PriceLoaderTest {
    private static final String TABLE =
            """
            kind: Prices
            currency: EUR
            prices:
              - {provider: aws, machine: {type: m7g.large, spot: true}, per_hour: 0.03}
              - {provider: aws, machine: {type: m7g.large}, per_hour: 0.0816}
              - {provider: racks, per_hour: '2'}
            """;

    private static PriceTable load(String yaml) {
        return PriceLoader.load("p.yaml", yaml);
    }

    private static Value.Struct machine(String type, boolean spot) {
        return Value.of(
                Map.of(
                        "type", Value.of(type),
                        "spot", Value.of(spot),
                        "zone", Value.of("a")));
    }

    @Test
    void takesTheFirstPriceThatFits() {
        PriceTable table = load(TABLE);
        assertThat(table.currency()).isEqualTo("EUR");
        assertThat(table.perHour("aws", machine("m7g.large", true)))
                .contains(new BigDecimal("0.03"));
        assertThat(table.perHour("aws", machine("m7g.large", false)))
                .contains(new BigDecimal("0.0816"));
        assertThat(table.perHour("racks", Value.Struct.EMPTY)).contains(new BigDecimal("2"));
    }

    @Test
    void knowsNoPriceOfWhatNoEntryFits() {
        assertThat(load(TABLE).perHour("aws", machine("m7g.small", false))).isEmpty();
        assertThat(load(TABLE).perHour("aws", Value.Struct.EMPTY)).isEmpty();
        assertThat(load(TABLE).perHour("gce", Value.Struct.EMPTY)).isEmpty();
    }

    @Test
    void isExact() {
        BigDecimal price =
                load(TABLE.replace("0.0816", "0.100000001"))
                        .perHour("aws", machine("m7g.large", false))
                        .orElseThrow();
        assertThat(price.multiply(BigDecimal.valueOf(3))).isEqualTo(new BigDecimal("0.300000003"));
    }

    @Test
    void saysWhatIsNoPrice() {
        assertThat(problems(() -> load(TABLE.replace("0.0816", "8 cents"))))
                .containsExactly(
                        "p.yaml:5:59: yaml.bad-value: '8 cents' is no price (such as 0.0816; at"
                                + " most nine digits before and nine behind the point)");
        assertThat(problems(() -> load(TABLE.replace("EUR", "Euro"))))
                .containsExactly(
                        "p.yaml:2:11: yaml.bad-value: 'Euro' is no currency (three capital letters,"
                                + " such as EUR)");
    }
}
