package dev.formwork.workflow.placement;

import java.math.BigDecimal;
import java.util.Optional;

/// What the machines of a cluster cost, all prices known at the time of the plan.
///
/// @param currency as the table of prices says
/// @param was those that are there now
/// @param then those that are there when all is done as planned
/// @param most as `then`, where each machine is made in the dearest of the places that it may be
///   made in
public record Cost(String currency, Sum was, Sum then, Sum most) {
    /// @param perHour of all whose price is known
    /// @param unpriced how many of the machines nobody has given a price
    public record Sum(BigDecimal perHour, int machines, int unpriced) {
        public static final Sum NOTHING = new Sum(BigDecimal.ZERO, 0, 0);

        Sum plus(Optional<BigDecimal> price) {
            return new Sum(
                    perHour.add(price.orElse(BigDecimal.ZERO)),
                    machines + 1,
                    unpriced + (price.isPresent() ? 0 : 1));
        }
    }
}
