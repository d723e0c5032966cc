package dev.formwork.workflow.machine;

import dev.formwork.model.hardware.Card;
import dev.formwork.model.hardware.Hardware;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// How a machine comes up from the network. Immutable.
///
/// @param hardware what it is recognised by
/// @param cards those that are to be given an address of ours
/// @param admitted whether its agent may be given work; false for one that nobody knew when it came
/// @param claims its boots that asked for a token, in the order in which they came; at most
///   [#MOST_CLAIMS], since anybody on the boot network can add one
/// @param disk what a boot environment that installs has done to it
public record NetworkBoot(
        Hardware hardware, List<Card> cards, boolean admitted, List<BootClaim> claims, Disk disk) {
    public static final NetworkBoot NONE =
            new NetworkBoot(Hardware.NONE, List.of(), true, List.of(), Disk.UNTOUCHED);

    /// What is known of a machine's disk.
    public enum Disk {
        /// Nothing of ours has installed a system.
        UNTOUCHED,
        /// An installation was said to be done.
        INSTALLED,
        /// A person wants it to be done again, whatever is there.
        WANTED
    }

    static final int MOST_CLAIMS = 8;

    public NetworkBoot {
        cards = List.copyOf(cards);
        claims = List.copyOf(claims);
    }

    /// What is known of a boot.
    public Optional<BootClaim> claim(String nonceHash) {
        return claims.stream().filter(claim -> claim.nonceHash().equals(nonceHash)).findFirst();
    }

    /// Boots that a person is asked about.
    public List<BootClaim> held() {
        return claims.stream().filter(claim -> claim.state() == BootClaim.State.HELD).toList();
    }

    public NetworkBoot withHardware(Hardware next, List<Card> nextCards) {
        return new NetworkBoot(next, nextCards, admitted, claims, disk);
    }

    public NetworkBoot withAdmitted() {
        return new NetworkBoot(hardware, cards, true, claims, disk);
    }

    /// A boot asks, and a person is to say whether it may. Of those that wait the one goes that has
    /// asked least lately, where there are too many.
    public NetworkBoot holding(String nonceHash, Instant now) {
        List<BootClaim> next = without(nonceHash);
        if (next.size() == MOST_CLAIMS) {
            next.stream()
                    .filter(claim -> claim.state() == BootClaim.State.HELD)
                    .min(Comparator.comparing(BootClaim::at))
                    .ifPresent(next::remove);
        }
        next.add(new BootClaim(nonceHash, now, BootClaim.State.HELD));
        return new NetworkBoot(hardware, cards, admitted, next, disk);
    }

    /// A person has compared its code.
    public NetworkBoot approving(BootClaim claim) {
        List<BootClaim> next = without(claim.nonceHash());
        next.add(claim.with(BootClaim.State.APPROVED));
        return new NetworkBoot(hardware, cards, admitted, next, disk);
    }

    /// A boot gets the token: all others have asked in vain.
    public NetworkBoot granting(String nonceHash, Instant now) {
        return new NetworkBoot(
                hardware,
                cards,
                admitted,
                List.of(new BootClaim(nonceHash, now, BootClaim.State.GRANTED)),
                disk);
    }

    public NetworkBoot withDisk(Disk next) {
        return new NetworkBoot(hardware, cards, admitted, claims, next);
    }

    private List<BootClaim> without(String nonceHash) {
        List<BootClaim> others = new ArrayList<>(claims);
        others.removeIf(claim -> claim.nonceHash().equals(nonceHash));
        return others;
    }
}
