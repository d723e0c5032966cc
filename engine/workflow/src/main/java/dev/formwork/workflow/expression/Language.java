package dev.formwork.workflow.expression;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;

import dev.cel.common.CelOptions;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.extensions.CelListsExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.CelStandardFunctions.StandardFunction;
import dev.cel.runtime.RuntimeEquality;
import dev.cel.runtime.RuntimeHelpers;
import dev.cel.runtime.standard.AddOperator.AddOverload;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The dialect: which of CEL's functions and macros there are, and the limits of a source text. All
/// of it is a pure function of its arguments: nothing reads the time, the environment or a random
/// number.
final class Language {
    /// A machine is a type of its own, so that the checker finds a mistyped field, and so that the
    /// analysis of [MachineFlow] can follow machines. At run time it is a map.
    static final StructType MACHINE =
            StructType.create(
                    "formwork.Machine",
                    ImmutableSet.of(
                            Machines.NAME,
                            Machines.ORDINAL,
                            Machines.GROUP,
                            Machines.ADDRESS,
                            Machines.PROVIDER,
                            Machines.FACTS),
                    Language::machineField);

    /// The first names of everything that can be referred to.
    static final Set<String> ROOTS =
            Set.of(
                    "inputs",
                    "params",
                    "outputs",
                    "steps",
                    "groups",
                    "machine",
                    "item",
                    "failure",
                    "boot",
                    "cluster",
                    "clusters");

    private static final CelOptions OPTIONS =
            CelOptions.current()
                    .maxExpressionCodePointSize(20_000)
                    .maxParseRecursionDepth(100)
                    .maxParseExpressionNodeCount(5_000)
                    .comprehensionMaxIterations(Meter.MAX_ITERATIONS)
                    .maxRegexProgramSize(10_000)
                    .enableQuotedIdentifierSyntax(true)
                    .enableHeterogeneousNumericComparisons(true)
                    .errorOnDuplicateMapKeys(true)
                    .build();

    /// Declares no variables yet.
    static final CelCompiler COMPILER =
            CelCompilerFactory.standardCelCompilerBuilder()
                    .setOptions(OPTIONS)
                    .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                    .setTypeProvider(new MachineTypes())
                    .addLibraries(
                            CelExtensions.strings(),
                            lists(),
                            CelExtensions.math(),
                            CelExtensions.sets(OPTIONS),
                            CelExtensions.encoders(OPTIONS),
                            CelExtensions.bindings(),
                            CelExtensions.comprehensions())
                    .build();

    static final CelRuntime RUNTIME =
            CelRuntimeFactory.plannerRuntimeBuilder()
                    .setOptions(OPTIONS)
                    .setStandardFunctions(
                            CelStandardFunctions.newBuilder()
                                    .excludeFunctions(StandardFunction.ADD)
                                    .build())
                    .addFunctionBindings(CelFunctionBinding.fromOverloads("_+_", additions()))
                    .addLibraries(
                            CelExtensions.strings(),
                            lists(),
                            CelExtensions.math(),
                            CelExtensions.sets(OPTIONS),
                            CelExtensions.encoders(OPTIONS),
                            CelExtensions.comprehensions())
                    .build();

    private Language() {}

    /// Without `sortBy`: dev.cel 0.14.0 gives its result the wrong type (list of lists).
    private static CelListsExtensions lists() {
        return CelExtensions.lists(
                CelListsExtensions.Function.SLICE,
                CelListsExtensions.Function.FLATTEN,
                CelListsExtensions.Function.RANGE,
                CelListsExtensions.Function.DISTINCT,
                CelListsExtensions.Function.REVERSE,
                CelListsExtensions.Function.SORT);
    }

    /// All that `+` is defined for, with a quicker one for lists: see [CelList].
    private static List<CelFunctionBinding> additions() {
        RuntimeEquality equality = RuntimeEquality.create(RuntimeHelpers.create(), OPTIONS);
        List<CelFunctionBinding> additions = new ArrayList<>();
        for (AddOverload overload : AddOverload.values()) {
            additions.add(
                    overload == AddOverload.ADD_LIST
                            ? CelFunctionBinding.from(
                                    "add_list", List.class, List.class, CelList::concat)
                            : overload.newFunctionBinding(OPTIONS, equality));
        }
        return additions;
    }

    private static Optional<CelType> machineField(String field) {
        return switch (field) {
            case Machines.NAME, Machines.GROUP, Machines.ADDRESS, Machines.PROVIDER ->
                    Optional.of(SimpleType.STRING);
            case Machines.ORDINAL -> Optional.of(SimpleType.INT);
            case Machines.FACTS -> Optional.of(MapType.create(SimpleType.STRING, SimpleType.DYN));
            default -> Optional.empty();
        };
    }

    private static final class MachineTypes implements CelTypeProvider {
        @Override
        public ImmutableCollection<CelType> types() {
            return ImmutableList.of(MACHINE);
        }

        @Override
        public Optional<CelType> findType(String name) {
            return name.equals(MACHINE.name()) ? Optional.of(MACHINE) : Optional.empty();
        }
    }
}
