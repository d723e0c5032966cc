package dev.formwork.model.module;

import dev.formwork.model.Location;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// One step of a workflow.
///
/// @param target where it runs
/// @param uses a task, a workflow or an interface, by name
/// @param with inputs of what it uses, by name
/// @param bind bindings of interfaces that hold from this step inwards
/// @param when CEL of type bool; absent means always
/// @param forEach runs once for each element
/// @param needs order that no data shows: the other step's name and how much of it
/// @param timeout overrides that of the task or the workflow
/// @param onFailure absent means what the workflow around it says
/// @param partial `all` of another step may be read although some of its members failed
/// @param parallel may run beside other jobs of its machine
/// @param mutex what it needs for itself while it runs, whatever the run
public record Step(
        String name,
        Target target,
        String uses,
        Map<String, Template> with,
        Map<String, String> bind,
        Optional<Expression> when,
        Optional<ForEach> forEach,
        Map<String, NeedScope> needs,
        Optional<Retry> retry,
        Optional<Until> until,
        Optional<Duration> timeout,
        Optional<Strategy> strategy,
        Optional<OnFailure> onFailure,
        boolean partial,
        boolean parallel,
        Optional<Mutex> mutex,
        Location location) {
    public Step {
        with = Collections.unmodifiableMap(new LinkedHashMap<>(with));
        bind = Map.copyOf(bind);
        needs = Collections.unmodifiableMap(new LinkedHashMap<>(needs));
    }

    /// Where a step runs.
    public sealed interface Target {
        /// On every member of the group.
        record OnGroup(String group) implements Target {}

        /// On one member, by its position among the members in the order of their ordinals, from 0.
        record OnMember(String group, int index) implements Target {}

        /// On the engine's own agent.
        record OnEngine() implements Target {}

        /// On a member that stands, of the group that `for_each` ranges over.
        record OnPeer() implements Target {}

        /// A nested workflow, one instance: inner group name to outer group name.
        record Nested(Map<String, String> groups) implements Target {
            public Nested {
                groups = Map.copyOf(groups);
            }
        }
    }

    /// How much of another step must be over: `same` is that of this machine (or of this item,
    /// where both iterate over the same machines), `all` is the whole step.
    public enum NeedScope {
        SAME,
        ALL
    }

    /// @param items CEL of type list
    /// @param max the most elements there can be; required where the list is known only at run time
    public record ForEach(Expression items, Optional<Integer> max) {}

    /// @param times how many more attempts after the first, from 1
    public record Retry(int times, Duration delay) {}

    /// Runs the task again until its outputs are as wanted.
    ///
    /// @param condition CEL of type bool over `outputs`
    /// @param max how many times at most, from 1
    /// @param delay between one end and the next start
    public record Until(Expression condition, int max, Duration delay) {}

    /// How the machines of a step take turns.
    ///
    /// @param maxParallel how many machines at a time, from 1
    /// @param canary how many machines go first and have to end well before the others begin
    /// @param maxFailures how many machines may fail before no other begins
    /// @param gate the step with which a machine's turn ends; absent where that is the step itself
    /// @param onlyWhenChanging `when: changing`: no limit while the group first forms
    public record Strategy(
            Amount maxParallel,
            Amount canary,
            Amount maxFailures,
            Optional<String> gate,
            boolean onlyWhenChanging) {}

    /// A number of machines, or a share of all of them.
    ///
    /// @param percent whether `number` is a percentage
    public record Amount(int number, boolean percent) {
        public static final Amount NONE = new Amount(0, false);

        /// Rounded up: any share of some machines is at least one.
        public int atLeast(int machines) {
            return percent ? (int) Math.ceilDiv((long) number * machines, 100) : number;
        }

        /// Rounded down.
        public int atMost(int machines) {
            return percent ? (int) ((long) number * machines / 100) : number;
        }
    }

    /// Of all nodes of all runs that name the same, so many run at a time.
    ///
    /// @param name a text, or an expression that gives one
    /// @param max from 1; where nodes differ, the least counts
    public record Mutex(Template name, int max) {
        /// What a name looks like.
        public static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/@-]{0,199}");
    }
}
