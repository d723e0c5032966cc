package dev.formwork.workflow.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.formwork.model.Names;
import dev.formwork.model.Problems;
import dev.formwork.model.module.Expression;
import dev.formwork.model.module.InputSpec;
import dev.formwork.model.module.OutputSpec;
import dev.formwork.workflow.expression.Reference.Subset;
import dev.formwork.workflow.expression.Reference.Which;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Finds what a parsed, not yet checked, expression refers to, and reports what its scope doesn't
/// have. Doing this before the type check keeps the checker's environment to the few variables that
/// are used, and gives messages with the nearest name.
final class ReferenceFinder {
    static final String CLUSTERS = "clusters";

    private static final CelType CLUSTERS_TYPE =
            MapType.create(
                    SimpleType.STRING,
                    MapType.create(
                            SimpleType.STRING, MapType.create(SimpleType.STRING, SimpleType.DYN)));

    private final Expression expression;
    private final CelAbstractSyntaxTree ast;
    private final Scope scope;
    private final Problems problems;
    private final Map<Reference, CelType> found = new LinkedHashMap<>();

    /// One name in a chain such as `steps.a.outputs.b`.
    ///
    /// @param indexed whether it was written as `["b"]`
    private record Link(String name, long id, boolean indexed) {}

    ReferenceFinder(
            Expression expression, CelAbstractSyntaxTree ast, Scope scope, Problems problems) {
        this.expression = expression;
        this.ast = ast;
        this.scope = scope;
        this.problems = problems;
    }

    /// In the order written. Those to machines aren't live yet: that takes types.
    Map<Reference, CelType> find() {
        walk(ast.getExpr());
        return found;
    }

    /// The variable that stands for it in CEL.
    static String variable(Reference reference) {
        return reference instanceof Reference.ClusterOutput ? CLUSTERS : reference.toString();
    }

    static CelType variableType(Reference reference, CelType type) {
        return reference instanceof Reference.ClusterOutput ? CLUSTERS_TYPE : type;
    }

    private void walk(CelExpr expr) {
        if (expr.getKind() == Kind.STRUCT) {
            problems.add(
                    Syntax.place(expression, ast, expr.id(), 0),
                    "expression.syntax",
                    "there are no messages to be made here",
                    "a map is written {\"key\": value}");
            return;
        }
        if (expr.getKind() == Kind.COMPREHENSION) {
            CelExpr.CelComprehension loop = expr.comprehension();
            for (String name : List.of(loop.iterVar(), loop.iterVar2(), loop.accuVar())) {
                if (Language.ROOTS.contains(name)) {
                    problems.add(
                            Syntax.place(expression, ast, expr.id(), 0),
                            "expression.syntax",
                            "`" + name + "` can't be the name of a variable here",
                            "it has a meaning of its own; take another name");
                    return;
                }
            }
        }
        List<Link> chain = new ArrayList<>();
        CelExpr root = unchain(expr, chain);
        if (Syntax.isIdent(root) && root.ident().name().startsWith(".")) {
            problems.add(
                    Syntax.place(expression, ast, root.id(), 0),
                    "expression.syntax",
                    "a name doesn't start with a dot",
                    "leave it out");
        } else if (Syntax.isIdent(root) && Language.ROOTS.contains(root.ident().name())) {
            resolve(root, chain);
        } else {
            Syntax.children(expr).forEach(this::walk);
        }
    }

    /// Takes `a.b["c"]` apart: the links go into `chain`, the innermost operand is returned.
    private static CelExpr unchain(CelExpr expr, List<Link> chain) {
        CelExpr at = expr;
        while (true) {
            if (at.getKind() == Kind.SELECT && !at.select().testOnly()) {
                chain.addFirst(new Link(at.select().field(), at.id(), false));
                at = at.select().operand();
            } else if (isConstantIndex(at)) {
                String name = at.call().args().get(1).constant().stringValue();
                chain.addFirst(new Link(name, at.id(), true));
                at = at.call().args().get(0);
            } else {
                return at;
            }
        }
    }

    private static boolean isConstantIndex(CelExpr expr) {
        return expr.getKind() == Kind.CALL
                && expr.call().function().equals("_[_]")
                && expr.call().args().size() == 2
                && expr.call().args().get(1).getKind() == Kind.CONSTANT
                && expr.call().args().get(1).constant().getKind() == CelConstant.Kind.STRING_VALUE;
    }

    private void resolve(CelExpr root, List<Link> chain) {
        String name = root.ident().name();
        switch (name) {
            case "inputs" -> input(root, chain, Reference.Input::new);
            case "params" -> {
                if (scope.machine()) {
                    input(root, chain, Reference.Param::new);
                } else {
                    unknown(
                            root,
                            null,
                            "there are no parameters of a machine here",
                            "`params` is there in steps that run on machines; elsewhere write"
                                    + " `inputs`");
                }
            }
            case "outputs" -> output(root, chain);
            case "failure" -> failure(root, chain);
            case "boot" -> boot(root, chain);
            case "steps" -> step(root, chain);
            case "groups" -> group(root, chain);
            case "machine" -> {
                if (scope.machine()) {
                    found.put(new Reference.Machine(false), Language.MACHINE);
                } else {
                    unknown(
                            root,
                            null,
                            "there is no machine here",
                            "`machine` is there in steps that run on machines");
                }
            }
            case "item" -> {
                if (scope.item().isPresent()) {
                    found.put(new Reference.Item(false), itemType(scope.item().get()));
                } else {
                    unknown(root, null, "there is no item here", "`item` comes with `for_each`");
                }
            }
            case "cluster" -> {
                if (expect(root, chain, 0, "cluster", List.of("name"))) {
                    found.put(new Reference.ClusterName(), SimpleType.STRING);
                }
            }
            case CLUSTERS -> cluster(root, chain);
            default -> throw new IllegalStateException(name);
        }
    }

    private static CelType itemType(ItemKind kind) {
        return switch (kind) {
            case MACHINE -> Language.MACHINE;
            case ANY -> SimpleType.DYN;
        };
    }

    private void input(CelExpr root, List<Link> chain, Function<String, Reference> as) {
        if (!expect(root, chain, 0, root.ident().name(), scope.inputs().keySet())) {
            return;
        }
        InputSpec spec = scope.inputs().get(chain.getFirst().name());
        if (spec != null) {
            found.put(as.apply(chain.getFirst().name()), Types.ofSchema(spec.schema()));
        }
    }

    private void output(CelExpr root, List<Link> chain) {
        if (scope.outputs().isEmpty()) {
            unknown(
                    root,
                    null,
                    "there are no outputs here",
                    "`outputs` is there in `until`; others' are steps.NAME.outputs");
        } else if (expect(root, chain, 0, "outputs", scope.outputs().keySet())) {
            OutputSpec spec = scope.outputs().get(chain.getFirst().name());
            if (spec != null) {
                found.put(new Reference.OwnOutput(spec.name()), Types.ofOutput(spec.schema()));
            }
        }
    }

    private void failure(CelExpr root, List<Link> chain) {
        if (!scope.failure()) {
            unknown(
                    root,
                    null,
                    "there is no failure here",
                    "`failure` is there in the step that `on_failure: {run: ...}` names");
        } else if (expect(root, chain, 0, "failure", Reference.Failure.FIELDS)) {
            found.put(new Reference.Failure(chain.getFirst().name()), SimpleType.STRING);
        }
    }

    private void boot(CelExpr root, List<Link> chain) {
        if (scope.boot().isEmpty()) {
            unknown(
                    root,
                    null,
                    "there is no boot here",
                    "`boot` is there in a boot environment's arguments and files");
        } else if (expect(root, chain, 0, "boot", scope.boot())) {
            found.put(new Reference.Boot(chain.getFirst().name()), SimpleType.STRING);
        }
    }

    private void step(CelExpr root, List<Link> chain) {
        if (!expect(root, chain, 0, "steps", scope.steps().keySet())) {
            return;
        }
        String step = chain.get(0).name();
        Which which =
                switch (chain.size() > 1 ? chain.get(1).name() : "") {
                    case "all" -> Which.ALL;
                    case "each" -> Which.EACH;
                    default -> Which.SAME;
                };
        String path = "steps." + step;
        int at = 1;
        if (which != Which.SAME) {
            path += "." + chain.get(at).name();
            at++;
        }
        List<String> words =
                which == Which.SAME ? List.of("outputs", "all", "each") : List.of("outputs");
        if (!expect(root, chain, at, path, words)) {
            return;
        }
        Map<String, OutputSpec> outputs = scope.steps().getOrDefault(step, Map.of());
        if (!expect(root, chain, at + 1, path + ".outputs", outputs.keySet())) {
            return;
        }
        OutputSpec spec = outputs.get(chain.get(at + 1).name());
        if (spec != null) {
            CelType type =
                    which == Which.ALL
                            ? ListType.create(Types.ofSchema(spec.schema()))
                            : Types.ofOutput(spec.schema());
            found.put(new Reference.StepOutput(step, which, spec.name()), type);
        }
    }

    private void group(CelExpr root, List<Link> chain) {
        if (!expect(root, chain, 0, "groups", scope.groups())) {
            return;
        }
        String group = chain.get(0).name();
        Subset subset = Subset.WANTED;
        if (chain.size() > 1) {
            List<String> subsets = List.of("standing", "joining", "leaving");
            if (!expect(root, chain, 1, "groups." + group, subsets)) {
                return;
            }
            subset =
                    switch (chain.get(1).name()) {
                        case "standing" -> Subset.STANDING;
                        case "joining" -> Subset.JOINING;
                        default -> Subset.LEAVING;
                    };
        }
        found.put(new Reference.Members(group, subset, false), ListType.create(Language.MACHINE));
    }

    private void cluster(CelExpr root, List<Link> chain) {
        if (!scope.clusters()) {
            unknown(
                    root,
                    null,
                    "other clusters can't be read here",
                    "read them in the cluster's `with` and hand them on as inputs");
        } else if (chain.size() < 3
                || !chain.get(1).name().equals("outputs")
                || !Names.LABEL.matcher(chain.get(0).name()).matches()) {
            unknown(
                    root,
                    null,
                    "of another cluster only its outputs can be read",
                    "write clusters.NAME.outputs.OUTPUT, or clusters[\"my-name\"].outputs.OUTPUT");
        } else {
            found.put(
                    new Reference.ClusterOutput(chain.get(0).name(), chain.get(2).name()),
                    SimpleType.DYN);
        }
    }

    /// Whether the chain goes on, at `index`, with one of `known`; says so if not.
    private boolean expect(
            CelExpr root, List<Link> chain, int index, String path, Collection<String> known) {
        if (index >= chain.size()) {
            unknown(root, null, "`" + path + "` isn't a value by itself", choices(path, known));
            return false;
        }
        Link link = chain.get(index);
        String shown = Names.abbreviate(link.name());
        if (!known.contains(link.name())) {
            Optional<String> nearest = Names.nearest(link.name(), known);
            unknown(
                    root,
                    link,
                    "there is no " + path + "." + shown,
                    nearest.map(name -> "did you mean " + path + "." + name + "?")
                            .orElse(choices(path, known)));
            return false;
        }
        if (link.indexed()) {
            unknown(root, link, "names aren't looked up in []", "write " + path + "." + shown);
            return false;
        }
        return true;
    }

    private static String choices(String path, Collection<String> known) {
        if (known.isEmpty()) {
            return "there are none";
        }
        List<String> some =
                known.stream().sorted().limit(6).map(name -> path + "." + name).toList();
        return "there is " + String.join(", ", some) + (known.size() > 6 ? ", ..." : "");
    }

    private void unknown(CelExpr root, @Nullable Link link, String detail, String hint) {
        problems.add(
                link == null
                        ? Syntax.place(expression, ast, root.id(), 0)
                        : Syntax.place(expression, ast, link.id(), 1),
                "expression.unknown-reference",
                detail,
                hint);
    }
}
