package dev.formwork.provider.bmc;

import dev.formwork.model.MachineId;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.ProviderRecords;
import dev.formwork.provider.ProviderRecords.Swap;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Who has which node, as the store says. There are two records of each claim, which come and go
/// together: `machine/<id>` has all of it, and `node/<name>` says whose the node is, so that no two
/// have it. Thread-safe.
final class Claims {
    private static final String MACHINE = "machine/";
    private static final String NODE = "node/";
    private static final Pattern REF =
            Pattern.compile("([A-Za-z0-9][A-Za-z0-9-]{0,127})@[0-9a-f]{16}");
    private static final int MOST_TRIES = 100;

    private final ProviderRecords records;

    Claims(ProviderRecords records) {
        this.records = records;
    }

    /// All of them at one moment.
    ///
    /// @param claims by any order
    /// @param nodes those that somebody has
    record View(List<Claim> claims, Set<String> nodes) {}

    View view() {
        List<Claim> claims = new ArrayList<>();
        Set<String> nodes = new HashSet<>();
        for (Map.Entry<String, String> each : records.all().entrySet()) {
            if (each.getKey().startsWith(NODE)) {
                nodes.add(each.getKey().substring(NODE.length()));
            } else {
                claims.add(Claim.parse(each.getValue()));
            }
        }
        return new View(claims, nodes);
    }

    Optional<Claim> find(InstanceRef ref) {
        Matcher form = REF.matcher(ref.value());
        return form.matches() ? find(ref, form.group(1)) : Optional.empty();
    }

    private Optional<Claim> find(InstanceRef ref, String machine) {
        return records.read(MACHINE + machine)
                .map(Claim::parse)
                .filter(claim -> claim.ref().equals(ref));
    }

    /// Says whether the claim is there now: not where somebody has the node, or the machine
    /// another.
    boolean put(Claim claim) {
        return records.replace(
                List.of(
                        new Swap(machineKey(claim), Optional.empty(), Optional.of(claim.json())),
                        new Swap(
                                NODE + claim.node(),
                                Optional.empty(),
                                Optional.of(claim.machine()))));
    }

    /// Says whether it was as expected, and is as wished now.
    boolean change(Claim expected, Claim next) {
        return records.replace(
                machineKey(expected), Optional.of(expected.json()), Optional.of(next.json()));
    }

    /// Says whether it was as expected, and the node is free now.
    boolean drop(Claim claim) {
        return records.replace(
                List.of(
                        new Swap(machineKey(claim), Optional.of(claim.json()), Optional.empty()),
                        new Swap(
                                NODE + claim.node(),
                                Optional.of(claim.machine()),
                                Optional.empty())));
    }

    /// Changes a claim whatever others change meanwhile; empty where it is gone.
    Optional<Claim> update(InstanceRef ref, UnaryOperator<Claim> change) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            Optional<Claim> claim = find(ref);
            if (claim.isEmpty()) {
                return claim;
            }
            Claim next = change.apply(claim.get());
            if (next.equals(claim.get()) || change(claim.get(), next)) {
                return Optional.of(next);
            }
        }
        throw ProviderCode.UNAVAILABLE.problem(
                "the record of instance %s changes too fast".formatted(ref), "ask again");
    }

    private static String machineKey(Claim claim) {
        MachineId machine = claim.id();
        return MACHINE + machine.value();
    }
}
