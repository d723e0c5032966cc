package dev.formwork.workflow.expression;

import java.util.List;
import java.util.Locale;

/// Something that an expression reads. References are found statically, so that the order of steps
/// can come from the flow of data; `toString` is how a user writes it.
///
/// `live` says that the expression reads something of a machine that is known only once the machine
/// is up (its address, its facts ...): anything but the fields in [Machines#STATIC_FIELDS]. Where
/// it cannot be told, it is live.
public sealed interface Reference {
    /// The same, read live; where that makes no difference, itself.
    default Reference alive() {
        return switch (this) {
            case Members(String group, Subset subset, _) -> new Members(group, subset, true);
            case Machine _ -> new Machine(true);
            case Item _ -> new Item(true);
            case Input _,
                    Param _,
                    OwnOutput _,
                    Failure _,
                    Boot _,
                    StepOutput _,
                    ClusterName _,
                    ClusterOutput _ ->
                    this;
        };
    }

    /// `inputs.NAME`.
    record Input(String name) implements Reference {
        @Override
        public String toString() {
            return "inputs." + name;
        }
    }

    /// `outputs.OUTPUT`: what the step itself has put out (`until`).
    record OwnOutput(String output) implements Reference {
        @Override
        public String toString() {
            return "outputs." + output;
        }
    }

    /// `failure.step`, `.machine`, `.code` or `.reason`: of what a step runs for.
    record Failure(String field) implements Reference {
        public static final List<String> FIELDS = List.of("step", "machine", "code", "reason");

        @Override
        public String toString() {
            return "failure." + field;
        }
    }

    /// `boot.files`, `.server` or `.done`: of a boot environment.
    record Boot(String field) implements Reference {
        @Override
        public String toString() {
            return "boot." + field;
        }
    }

    /// `params.NAME`: the input, as it is on the machine that the step runs on.
    record Param(String name) implements Reference {
        @Override
        public String toString() {
            return "params." + name;
        }
    }

    /// `steps.STEP.outputs.OUTPUT`, `steps.STEP.all.outputs.OUTPUT` or
    /// `steps.STEP.each.outputs.OUTPUT`.
    record StepOutput(String step, Which which, String output) implements Reference {
        @Override
        public String toString() {
            String some =
                    switch (which) {
                        case SAME -> "";
                        case ALL -> ".all";
                        case EACH -> ".each";
                    };
            return "steps." + step + some + ".outputs." + output;
        }
    }

    /// `groups.GROUP`, `groups.GROUP.standing`, `.joining` or `.leaving`: a list of machines.
    record Members(String group, Subset subset, boolean live) implements Reference {
        @Override
        public String toString() {
            return "groups." + group + subset.suffix();
        }
    }

    /// `machine`: the one that the step runs on.
    record Machine(boolean live) implements Reference {
        @Override
        public String toString() {
            return "machine";
        }
    }

    /// `item`: the element of `for_each`. Only an item that is a machine can be live.
    record Item(boolean live) implements Reference {
        @Override
        public String toString() {
            return "item";
        }
    }

    /// `cluster.name`.
    record ClusterName() implements Reference {
        @Override
        public String toString() {
            return "cluster.name";
        }
    }

    /// `clusters.CLUSTER.outputs.OUTPUT`: of that cluster's last successful run.
    record ClusterOutput(String cluster, String output) implements Reference {
        @Override
        public String toString() {
            return "clusters." + cluster + ".outputs." + output;
        }
    }

    /// Which of a step's results.
    enum Which {
        /// That of this machine, or the only one.
        SAME,
        /// Those of the whole step: a list in the order of ordinals or items.
        ALL,
        /// That of the iteration whose item is this machine.
        EACH
    }

    /// Which of a group's machines.
    enum Subset {
        WANTED,
        STANDING,
        JOINING,
        LEAVING;

        String suffix() {
            return this == WANTED ? "" : "." + name().toLowerCase(Locale.ROOT);
        }
    }
}
