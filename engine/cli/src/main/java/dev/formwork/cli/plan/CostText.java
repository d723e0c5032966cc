package dev.formwork.cli.plan;

import static dev.formwork.cli.terminal.Words.count;

import dev.formwork.cli.client.PlanDocument;
import dev.formwork.cli.client.PlanDocument.Cost;
import dev.formwork.cli.client.PlanDocument.Member;
import dev.formwork.cli.client.PlanDocument.Place;
import dev.formwork.cli.client.PlanDocument.Sum;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/// Where a plan has machines made, and what they cost, in words.
final class CostText {
    private CostText() {}

    /// `aws, 0.08 EUR/h; or gce, 0.09 EUR/h`; empty where nobody makes it.
    static String places(PlanDocument plan, Member member, boolean made) {
        List<Place> places = member.places();
        if (!made || places.isEmpty()) {
            String provider = member.provider().orElse("");
            return made && plan.cost().isPresent() && !provider.isEmpty()
                    ? provider + ", price unknown"
                    : provider;
        }
        return String.join(
                "; or ", places.stream().map(place -> place(place, places, plan.cost())).toList());
    }

    /// `0.08 EUR/h if made`; empty where the pool makes none, or nobody knows of prices.
    static String ifMade(PlanDocument plan, Member member) {
        return plan.cost()
                .flatMap(prices ->
                        member.places().stream()
                                .findFirst()
                                .map(place ->
                                        place.perHour()
                                                .map(price ->
                                                        number(price)
                                                                + " "
                                                                + prices.currency()
                                                                + "/h if made")
                                                .orElse("price unknown")))
                .orElse("");
    }

    private static String place(Place place, List<Place> all, Optional<Cost> cost) {
        boolean only =
                all.stream().filter(it -> it.provider().equals(place.provider())).count() == 1;
        String name = place.provider() + (only ? "" : " (place " + (place.place() + 1) + ")");
        return cost.map(prices ->
                        name
                                + ", "
                                + place.perHour()
                                        .map(price ->
                                                number(price) + " " + prices.currency() + "/h")
                                        .orElse("price unknown"))
                .orElse(name);
    }

    /// `+0.32 EUR/h: 0.42 for 5 machines, was 0.1 for 1; up to 0.61 where places are out of quota`.
    static String sums(PlanDocument plan, Cost cost) {
        String unit = " " + cost.currency() + "/h";
        BigDecimal more = cost.then().perHour().subtract(cost.was().perHour());
        boolean same = cost.then().equals(cost.was());
        String text =
                same
                        ? sum(cost.then(), unit)
                        : (more.signum() < 0 ? "" : "+")
                                + number(more)
                                + unit
                                + ": "
                                + sum(cost.then(), "")
                                + ", was "
                                + sum(cost.was(), "");
        return cost.most().equals(cost.then())
                ? text
                : text
                        + "; up to "
                        + upTo(cost.most(), unit)
                        + " where "
                        + (plan.mayBeMadeByPools() == 0
                                ? "places are out of quota"
                                : "pools have to make machines, or places are out of quota");
    }

    private static String sum(Sum sum, String unit) {
        return number(sum.perHour())
                + unit
                + " for "
                + count(sum.machines(), "machine")
                + (sum.unpriced() == 0 ? "" : " (price of " + sum.unpriced() + " unknown)");
    }

    private static String upTo(Sum most, String unit) {
        return number(most.perHour())
                + unit
                + (most.unpriced() == 0 ? "" : " (price of " + most.unpriced() + " unknown)");
    }

    static String number(BigDecimal price) {
        return price.signum() == 0 ? "0" : price.stripTrailingZeros().toPlainString();
    }
}
