package dev.formwork.cli.apply;

import dev.formwork.cli.client.PlanDocument;
import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.model.yaml.Durations;

import picocli.CommandLine.Option;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// How a plan is applied.
public final class ApplyOptions {
    @Option(
            names = {"-y", "--yes"},
            description = "Approves the plan without asking.")
    boolean yes;

    @Option(names = "--detach", description = "Starts the run and does not wait for its end.")
    boolean detach;

    @Option(
            names = "--no-refresh",
            description = "Believes the records: asks no provider and runs no check.")
    boolean noRefresh;

    @Option(
            names = "--priority",
            paramLabel = "N",
            description =
                    "From -100 to 100: where several wait for a machine, a mutex or the engine, the"
                            + " higher goes first. 0 where left out.")
    Optional<Integer> priority = Optional.empty();

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            description = "Cancels the run when it takes longer, such as 30m.")
    Optional<String> timeout = Optional.empty();

    @Option(
            names = "--most-per-hour",
            paramLabel = "N",
            description =
                    "Refuses a plan after which the cluster's machines may cost more than this in an"
                            + " hour, in the currency of the engine's prices, and more than now.")
    Optional<BigDecimal> mostPerHour = Optional.empty();

    /// Looks at what the plan costs before anybody is asked.
    ///
    /// @throws dev.formwork.model.ProblemException `plan.too-costly`, `plan.price-unknown`
    void check(PlanDocument plan) {
        if (mostPerHour.isEmpty()) {
            return;
        }
        BigDecimal limit = mostPerHour.get();
        int made = plan.summary().create() + plan.mayBeMadeByPools();
        if (made > 0 && plan.cost().map(cost -> cost.most().unpriced() > 0).orElse(true)) {
            throw ProblemException.of(
                    "plan.price-unknown",
                    "--most-per-hour, and the price of machines is unknown",
                    "give the engine their prices: formwork serve --prices FILE");
        }
        plan.cost()
                .filter(cost -> cost.most().perHour().compareTo(limit) > 0)
                .filter(cost -> cost.most().perHour().compareTo(cost.was().perHour()) > 0)
                .ifPresent(cost -> {
                    throw ProblemException.of(
                            "plan.too-costly",
                            "the machines may cost %s %s/h, and --most-per-hour is %s"
                                    .formatted(
                                            cost.most().perHour().toPlainString(),
                                            cost.currency(),
                                            limit.toPlainString()),
                            "nothing was changed");
                });
    }

    /// For the request that starts the run.
    ///
    /// @throws dev.formwork.model.ProblemException `cli.bad-value`
    Map<String, Value> terms() {
        Map<String, Value> terms = new LinkedHashMap<>();
        priority.ifPresent(number -> terms.put("priority", Value.of(number)));
        timeout.ifPresent(text -> terms.put("timeout_seconds", Value.of(seconds(text))));
        return terms;
    }

    private static long seconds(String text) {
        long seconds = Durations.parse(text).map(Duration::toSeconds).orElse(0L);
        if (seconds == 0) {
            throw ProblemException.of(
                    "cli.bad-value",
                    "--timeout " + Names.abbreviate(text) + " is no time of a second or more",
                    Durations.HINT);
        }
        return seconds;
    }

    /// Approves without asking, and waits for the end.
    public static ApplyOptions approved() {
        ApplyOptions options = new ApplyOptions();
        options.yes = true;
        return options;
    }
}
