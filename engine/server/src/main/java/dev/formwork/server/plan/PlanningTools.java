package dev.formwork.server.plan;

import dev.formwork.workflow.placement.Offers;
import dev.formwork.workflow.plan.Planner;

import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// What plans are made with.
///
/// @param checks runs read-only jobs on machines
/// @param drift asks the providers
/// @param offers which providers there are now, and what their machines cost
public record PlanningTools(
        Planner planner, PlanDigest digest, Checks checks, Drift drift, Supplier<Offers> offers) {
    /// @param mac keyed, as for fingerprints
    public static PlanningTools of(
            Planner planner,
            UnaryOperator<byte[]> mac,
            Checks checks,
            Drift drift,
            Supplier<Offers> offers) {
        return new PlanningTools(planner, new PlanDigest(mac), checks, drift, offers);
    }
}
