package dev.formwork.boot.lease;

import dev.formwork.boot.address.Ipv4;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What the DHCP server serves.
///
/// @param own all addresses that are ours
/// @param knownServers other DHCP servers that may be on our segments
/// @param probes whether an address is looked for on the network before it is offered
public record DhcpSettings(
        List<Subnet> subnets, Set<Ipv4> own, Set<Ipv4> knownServers, boolean probes) {
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(366);

    /// Of all ranges of a subnet together.
    private static final long MOST = 1 << 20;

    /// @throws ProblemException `dhcp.bad-subnet`, one problem for each thing that is wrong
    public DhcpSettings {
        subnets = List.copyOf(subnets);
        own = Set.copyOf(own);
        knownServers = Set.copyOf(knownServers);
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < subnets.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (overlap(subnets.get(i), subnets.get(j))) {
                    problems.add(problem(subnets.get(i), "it overlaps " + subnets.get(j)));
                }
            }
            check(subnets.get(i), problems);
        }
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
    }

    private static void check(Subnet subnet, List<Problem> problems) {
        if (subnet.leaseTime().compareTo(SHORTEST) < 0
                || subnet.leaseTime().compareTo(LONGEST) > 0) {
            problems.add(problem(subnet, "leases of less than a minute or more than a year"));
        }
        long addresses = 0;
        for (int i = 0; i < subnet.ranges().size(); i++) {
            Subnet.Range range = subnet.ranges().get(i);
            addresses += range.last().unsigned() - range.first().unsigned() + 1;
            if (range.first().compareTo(range.last()) > 0
                    || !subnet.network().hasHost(range.first())
                    || !subnet.network().hasHost(range.last())) {
                problems.add(problem(subnet, "range " + range + " is not one of its hosts"));
            }
            for (int j = 0; j < i; j++) {
                Subnet.Range other = subnet.ranges().get(j);
                if (range.contains(other.first()) || other.contains(range.first())) {
                    problems.add(problem(subnet, "ranges " + other + " and " + range + " overlap"));
                }
            }
        }
        if (addresses > MOST) {
            problems.add(problem(subnet, "more than " + MOST + " addresses in its ranges"));
        }
        Set<Object> reserved = new HashSet<>();
        for (Subnet.Reservation each : subnet.reservations()) {
            if (!subnet.network().hasHost(each.address())) {
                problems.add(problem(subnet, each.address() + " is reserved, but no host of it"));
            }
            if (!reserved.add(each.address())) {
                problems.add(problem(subnet, each.address() + " is reserved twice"));
            }
            if (!reserved.add(each.client())) {
                problems.add(problem(subnet, each.client() + " has two reservations"));
            }
        }
    }

    private static boolean overlap(Subnet a, Subnet b) {
        return a.network().contains(b.network().network())
                || b.network().contains(a.network().network());
    }

    private static Problem problem(Subnet subnet, String detail) {
        return Problem.of("dhcp.bad-subnet", "subnet " + subnet + ": " + detail);
    }
}
