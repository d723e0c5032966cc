package dev.formwork.workflow.placement;

import dev.formwork.model.Location;
import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;
import dev.formwork.model.Problems;
import dev.formwork.model.module.ClusterSpec;
import dev.formwork.model.module.ClusterSpec.Place;
import dev.formwork.model.module.Expression;
import dev.formwork.model.pool.PoolSpec;
import dev.formwork.model.price.PriceTable;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.expression.CompiledCondition;
import dev.formwork.workflow.expression.Expressions;
import dev.formwork.workflow.expression.Machines;
import dev.formwork.workflow.expression.Reference;
import dev.formwork.workflow.expression.Scope;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.Pooled;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.membership.Membership;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Decides where the machines that a plan makes are made. A machine that is there stays where it
/// is, and counts for its place; one that was asked for and never came is placed anew.
public final class Placements {
    private final Membership membership;
    private final Map<String, Machine> machines;
    private final String cluster;
    private final Offers offers;
    private final Problems problems;
    private final Map<String, PoolSpec> pools;
    private final SortedMap<String, List<Choice>> choices = new TreeMap<>();
    private final SortedMap<String, Optional<Making>> fromPools = new TreeMap<>();

    /// Machines that are made where their group says, at an unknown price.
    private final Set<String> unpriced = new HashSet<>();

    /// @param machines by id
    /// @param pools that there are, by name
    /// @param problems gets `provider.unknown`, `cluster.no-place`, and `expression.*`
    public Placements(
            String cluster,
            Membership membership,
            Map<String, Machine> machines,
            Map<String, PoolSpec> pools,
            Offers offers,
            Problems problems) {
        this.cluster = cluster;
        this.membership = membership;
        this.machines = machines;
        this.pools = pools;
        this.offers = offers;
        this.problems = problems;
    }

    /// @param groups none where all are removed
    public Placing of(Map<String, ClusterSpec.Group> groups) {
        groups.forEach((name, group) -> {
            switch (group.members()) {
                case ClusterSpec.Members.Made made -> made(name, made, group.location());
                case ClusterSpec.Members.Placed placed -> placed(name, placed, group.location());
                case ClusterSpec.Members.Pooled pooled -> pooled(name, pooled);
                case ClusterSpec.Members.Named _ -> {}
            }
        });
        return new Placing(choices, fromPools, offers.prices().map(this::cost));
    }

    private void made(String group, ClusterSpec.Members.Made made, Location at) {
        requireKnown(made.provider(), at);
        Optional<BigDecimal> price = price(made.provider(), made.machine());
        List<Choice> only = List.of(new Choice(0, made.provider(), price));
        toBeMade(group)
                .forEach(member -> {
                    if (price.isPresent()) {
                        choices.put(member.name(), only);
                    } else {
                        unpriced.add(member.name());
                    }
                });
    }

    /// A condition of the group is about facts, and those of a machine that is yet to be made are
    /// not known: so for such a group none is made. One that was asked for already is asked for
    /// again.
    private void pooled(String group, ClusterSpec.Members.Pooled pooled) {
        Optional<PoolSpec.Make> make =
                Optional.ofNullable(pools.get(pooled.pool()))
                        .flatMap(PoolSpec::make)
                        .filter(it -> pooled.where().isEmpty() && it.most() > 0);
        toBeMade(group)
                .forEach(member ->
                        fromPools.put(
                                member.name(),
                                machine(member)
                                        .map(this::asked)
                                        .or(() ->
                                                make.map(it ->
                                                        making(it.provider(), it.machine())))));
    }

    private Making asked(Machine machine) {
        return making(
                machine.provider().orElseThrow(),
                machine.origin().map(Machine.Origin::machine).orElse(Value.Struct.EMPTY));
    }

    private Making making(String provider, Value.Struct machine) {
        return new Making(provider, machine, price(provider, machine));
    }

    private void placed(String group, ClusterSpec.Members.Placed placed, Location at) {
        List<Place> places = placed.places();
        places.forEach(place -> requireKnown(place.provider(), place.location()));
        List<Optional<CompiledCondition>> conditions =
                places.stream().map(place -> place.when().map(this::compiled)).toList();
        if (!problems.isEmpty()) {
            return;
        }
        List<Member> wanting = toBeMade(group);
        long[] admitted = new long[wanting.size()];
        for (int i = 0; i < admitted.length; i++) {
            admitted[i] = admitted(wanting.get(i), conditions);
        }
        int[] standing = standing(group, places);
        int[] room = new int[places.size()];
        List<Allotment.Place> counted = new ArrayList<>();
        for (int place = 0; place < room.length; place++) {
            room[place] =
                    Math.max(
                            0,
                            places.get(place).most().orElse(Integer.MAX_VALUE) - standing[place]);
            counted.add(
                    new Allotment.Place(places.get(place).weight(), room[place], standing[place]));
        }
        List<Optional<BigDecimal>> prices =
                places.stream().map(place -> price(place.provider(), place.machine())).toList();
        List<Integer> order = order(placed.prefer(), prices);
        int[] given =
                switch (placed.prefer()) {
                    case WEIGHTS -> Allotment.byWeight(counted, admitted);
                    case CHEAPEST -> Allotment.inOrder(counted, admitted, order);
                };
        for (int i = 0; i < given.length; i++) {
            if (given[i] == Allotment.NONE) {
                noPlace(wanting, given, places, admitted, at);
                return;
            }
            room[given[i]]--;
        }
        for (int i = 0; i < given.length; i++) {
            List<Choice> mine = new ArrayList<>();
            mine.add(choice(given[i], places, prices));
            if (placed.goesOn()) {
                others(given[i], admitted[i], order, room)
                        .forEach(place -> mine.add(choice(place, places, prices)));
            }
            choices.put(wanting.get(i).name(), mine);
        }
    }

    /// Places where a machine may be made when its own is out of quota. Each keeps room for it, so
    /// that whatever is tried, no place has more than it may.
    private static List<Integer> others(int own, long admitted, List<Integer> order, int[] room) {
        List<Integer> others = new ArrayList<>();
        for (int place : order) {
            if (place != own && (admitted >> place & 1) != 0 && room[place] > 0) {
                room[place]--;
                others.add(place);
            }
        }
        return others;
    }

    private static Choice choice(int place, List<Place> places, List<Optional<BigDecimal>> prices) {
        return new Choice(place, places.get(place).provider(), prices.get(place));
    }

    /// The cheapest first, and those without a price last, where prices count; else as written.
    private static List<Integer> order(
            ClusterSpec.Prefer prefer, List<Optional<BigDecimal>> prices) {
        List<Integer> written = IntStream.range(0, prices.size()).boxed().toList();
        return switch (prefer) {
            case WEIGHTS -> written;
            case CHEAPEST ->
                    written.stream()
                            .sorted(
                                    Comparator.comparing(
                                            place -> prices.get(place).orElse(null),
                                            Comparator.nullsLast(Comparator.naturalOrder())))
                            .toList();
        };
    }

    private List<Member> toBeMade(String group) {
        return membership.wanted(group).stream()
                .filter(member ->
                        machine(member)
                                .filter(it -> it.state() != Machine.State.REQUESTED)
                                .isEmpty())
                .toList();
    }

    private Optional<Machine> machine(Member member) {
        return member.machine().flatMap(id -> Optional.ofNullable(machines.get(id.value())));
    }

    /// How many machines are at each place. One of which is not known what it was made of is at the
    /// first place of its provider.
    private int[] standing(String group, List<Place> places) {
        int[] standing = new int[places.size()];
        for (Member member : membership.wanted(group)) {
            machine(member)
                    .filter(machine -> machine.state() != Machine.State.REQUESTED)
                    .flatMap(machine -> place(machine, places))
                    .ifPresent(place -> standing[place]++);
        }
        return standing;
    }

    private static Optional<Integer> place(Machine machine, List<Place> places) {
        return IntStream.range(0, places.size())
                .filter(i ->
                        machine.provider().equals(Optional.of(places.get(i).provider()))
                                && machine.origin()
                                        .map(origin ->
                                                origin.machine().equals(places.get(i).machine()))
                                        .orElse(true))
                .boxed()
                .findFirst();
    }

    private CompiledCondition compiled(Expression when) {
        CompiledCondition condition =
                Expressions.compileBoolean(when, Scope.EMPTY.withMachine(), problems);
        if (condition.references().contains(new Reference.Machine(true))) {
            problems.add(
                    when.location(),
                    "expression.unknown-reference",
                    "this is not known before the machine is made",
                    "there is machine.name, machine.ordinal and machine.group");
        }
        return condition;
    }

    private long admitted(Member member, List<Optional<CompiledCondition>> conditions) {
        long admitted = 0;
        for (int place = 0; place < conditions.size(); place++) {
            if (conditions.get(place).map(when -> holds(when, member)).orElse(true)) {
                admitted |= 1L << place;
            }
        }
        return admitted;
    }

    private boolean holds(CompiledCondition when, Member member) {
        try {
            return when.test(reference ->
                    reference instanceof Reference.Machine
                            ? Value.of(
                                    Map.of(
                                            Machines.NAME, Value.of(member.name()),
                                            Machines.ORDINAL, Value.of((long) member.ordinal()),
                                            Machines.GROUP, Value.of(member.group())))
                            : Value.of(cluster));
        } catch (ProblemException e) {
            problems.addAll(e.problems());
            return false;
        }
    }

    private void noPlace(
            List<Member> wanting, int[] given, List<Place> places, long[] admitted, Location at) {
        List<Integer> without =
                IntStream.range(0, given.length)
                        .filter(i -> given[i] == Allotment.NONE)
                        .boxed()
                        .toList();
        int first = without.getFirst();
        String why =
                IntStream.range(0, places.size())
                        .mapToObj(place ->
                                (admitted[first] >> place & 1) == 0
                                        ? "`when` of " + places.get(place).provider() + " is false"
                                        : places.get(place).provider()
                                                + " has the "
                                                + places.get(place).most().orElse(0)
                                                + " that it may have")
                        .collect(Collectors.joining(", "));
        problems.add(
                at,
                "cluster.no-place",
                "there is no place for "
                        + wanting.get(first).name()
                        + (without.size() > 1 ? " and " + (without.size() - 1) + " more" : "")
                        + ": "
                        + why,
                "raise `most`, or add a place");
    }

    private void requireKnown(String provider, Location at) {
        SortedSet<String> known = offers.providers().orElse(null);
        if (known != null && !known.contains(provider)) {
            problems.add(
                    at,
                    "provider.unknown",
                    "this engine has no provider " + Names.abbreviate(provider),
                    Names.nearest(provider, known)
                            .map("did you mean %s?"::formatted)
                            .orElse(
                                    "set it up with `formwork serve --providers FILE`; there are: "
                                            + String.join(", ", known)));
        }
    }

    private Optional<BigDecimal> price(String provider, Value.Struct machine) {
        return offers.prices().flatMap(table -> table.perHour(provider, machine));
    }

    private Cost cost(PriceTable table) {
        Cost.Sum was = Cost.Sum.NOTHING;
        Cost.Sum then = Cost.Sum.NOTHING;
        Cost.Sum most = Cost.Sum.NOTHING;
        for (Member member : membership.all()) {
            List<Choice> mine = member.wanted() ? choices.get(member.name()) : null;
            if (mine != null) {
                then = then.plus(mine.getFirst().perHour());
                most = most.plus(dearest(mine));
                continue;
            }
            if (member.wanted() && unpriced.contains(member.name())) {
                then = then.plus(Optional.empty());
                most = most.plus(Optional.empty());
                continue;
            }
            if (member.wanted() && fromPools.containsKey(member.name())) {
                Optional<Making> making = fromPools.get(member.name());
                if (making.isPresent()) {
                    most = most.plus(making.get().perHour());
                    // What a pool makes is the cluster's to pay for while it has it.
                    then = machine(member).isPresent() ? then.plus(making.get().perHour()) : then;
                }
                continue;
            }
            Optional<Machine> there =
                    machine(member)
                            .filter(machine -> member.provider().isPresent())
                            .filter(machine -> member.pool().isEmpty() || isMade(machine))
                            .filter(machine -> isThere(machine.state()));
            if (there.isPresent()) {
                Optional<BigDecimal> price =
                        table.perHour(
                                member.provider().orElseThrow(),
                                there.get()
                                        .origin()
                                        .map(Machine.Origin::machine)
                                        .orElse(Value.Struct.EMPTY));
                was = was.plus(price);
                if (member.wanted()) {
                    then = then.plus(price);
                    most = most.plus(price);
                }
            }
        }
        return new Cost(table.currency(), was, then, most);
    }

    private static boolean isMade(Machine machine) {
        return machine.pooled().filter(Pooled::made).isPresent();
    }

    private static boolean isThere(Machine.State state) {
        return switch (state) {
            case BOOTING, HELD, READY, UNREACHABLE, REMOVING -> true;
            case REQUESTED, GONE -> false;
        };
    }

    /// Unknown where the price of any of them is.
    private static Optional<BigDecimal> dearest(List<Choice> choices) {
        return choices.stream().allMatch(choice -> choice.perHour().isPresent())
                ? choices.stream()
                        .flatMap(choice -> choice.perHour().stream())
                        .max(Comparator.naturalOrder())
                : Optional.empty();
    }
}
