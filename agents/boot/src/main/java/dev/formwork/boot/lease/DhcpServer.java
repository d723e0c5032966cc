package dev.formwork.boot.lease;

import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.dhcp.DhcpPacket;
import dev.formwork.boot.dhcp.MessageType;
import dev.formwork.boot.dhcp.Option;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The DHCP server (RFC 2131) as a stepped machine: no threads, sockets, clocks or files. Whoever
/// drives it commits what a step changes before the step's replies go out; until then a crash is as
/// if the request had been lost, and the client asks again.
///
/// One thread at a time.
public final class DhcpServer {
    /// How long an address that was offered is kept: longer than any client waits with its request.
    static final Duration OFFER = Duration.ofSeconds(30);

    /// How long an address that somebody else uses is left alone.
    static final Duration QUARANTINE = Duration.ofMinutes(10);

    /// How many addresses in use are tried for one request.
    private static final int ATTEMPTS = 4;

    private final DhcpSettings settings;
    private final BootOptions boot;
    private final Replies replies;
    private final Watch watch;

    /// By the first address of the subnet: they do not overlap.
    private final TreeMap<Ipv4, LeaseTable> tables = new TreeMap<>();

    /// Offers that wait for their probe.
    private final Map<Ipv4, Pending> pending = new HashMap<>();

    private record Pending(DhcpPacket request, Arrival arrival, int attempt) {}

    /// A request, and what is known of it.
    private record Asked(
            DhcpPacket packet, Arrival arrival, ClientKey client, LeaseTable table, Instant now) {}

    /// @param leases from the book
    public DhcpServer(DhcpSettings settings, BootOptions boot, List<Lease> leases, Instant now) {
        this.settings = settings;
        this.boot = boot;
        this.replies = new Replies(boot);
        this.watch = new Watch(settings);
        for (Subnet subnet : settings.subnets()) {
            tables.put(subnet.network().network(), new LeaseTable(subnet));
        }
        for (Lease lease : leases) {
            tableOf(lease.address()).ifPresent(table -> table.put(lease, now));
        }
    }

    /// A packet came.
    public Step received(DhcpPacket packet, Arrival arrival, Instant now) {
        Step.Builder step = new Step.Builder();
        if (packet.isReply()) {
            // Where we give out no addresses another server is what there should be.
            tableOf(arrival.local())
                    .flatMap(own -> watch.reply(packet, arrival, now))
                    .ifPresent(step.observations::add);
            return step.build();
        }
        @Nullable MessageType type = packet.type();
        Optional<ClientKey> client = ClientKey.of(packet);
        Optional<LeaseTable> table = locate(packet, arrival);
        if (type == null || client.isEmpty()) {
            return step.build();
        }
        step.observations.addAll(watch.request(packet, arrival, client.get(), now));
        if (table.isEmpty()) {
            if (type == MessageType.DISCOVER) {
                watch.noSubnet(packet, arrival, now).ifPresent(step.observations::add);
            }
            return step.build();
        }
        lacks(packet, now).ifPresent(step.observations::add);
        Asked asked = new Asked(packet, arrival, client.get(), table.get(), now);
        switch (type) {
            case DISCOVER -> offer(asked, 1, step);
            case REQUEST -> request(asked, step);
            case DECLINE -> decline(asked, step);
            case RELEASE -> release(asked, step);
            case INFORM -> step.replies.add(replies.inform(packet, arrival, table.get().subnet()));
            case OFFER, ACK, NAK -> {
                // Nonsense: a request that says it is a reply.
            }
        }
        return step.build();
    }

    /// A probe ended.
    ///
    /// @param isUsed whether somebody answered who is not the client
    public Step probed(Probe probe, boolean isUsed, Instant now) {
        Step.Builder step = new Step.Builder();
        @Nullable Pending waiting = pending.remove(probe.address());
        Optional<LeaseTable> table = tableOf(probe.address());
        if (waiting == null || table.isEmpty()) {
            return step.build();
        }
        Asked asked =
                new Asked(
                        waiting.request(),
                        waiting.arrival(),
                        ClientKey.of(waiting.request()).orElseThrow(),
                        table.get(),
                        now);
        if (!table.get().isFor(asked.client(), probe.address(), now)) {
            // So late that the offer ran out, and another client got it.
            return step.build();
        }
        if (!isUsed) {
            hold(asked, probe.address(), step);
            step.replies.add(replyOffer(asked, probe.address()));
            return step.build();
        }
        watch.inUse(probe.address(), probe.arrival(), now).ifPresent(step.observations::add);
        quarantine(asked, probe.address(), step);
        if (waiting.attempt() < ATTEMPTS) {
            offer(asked, waiting.attempt() + 1, step);
        }
        return step.build();
    }

    /// A client wants to boot, and we have nothing for it: as the server, or beside another one.
    public Optional<Observation> lacks(DhcpPacket request, Instant now) {
        return request.type() == MessageType.DISCOVER
                ? ClientKey.of(request)
                        .flatMap(client ->
                                boot.lacks(request).flatMap(what -> watch.lacks(client, what, now)))
                : Optional.empty();
    }

    /// Whether there is a subnet for a request.
    public boolean serves(DhcpPacket request, Arrival arrival) {
        return locate(request, arrival).isPresent();
    }

    /// How many addresses are known, in any state: for a metric.
    public int size() {
        return tables.values().stream().mapToInt(LeaseTable::size).sum();
    }

    /// How many addresses nobody else can have: offered, leased, or left alone.
    long taken(Instant now) {
        return tables.values().stream().mapToLong(table -> table.taken(now)).sum();
    }

    private void offer(Asked asked, int attempt, Step.Builder step) {
        Optional<Ipv4> wish = asked.packet().options().address(Option.REQUESTED_ADDRESS);
        Optional<Ipv4> chosen = asked.table().choose(asked.client(), wish, asked.now());
        watch.reservation(asked.table(), asked.client(), chosen, asked.now())
                .ifPresent(step.observations::add);
        if (chosen.isEmpty()) {
            watch.exhausted(asked.table().subnet(), asked.client(), asked.now())
                    .ifPresent(step.observations::add);
            return;
        }
        Ipv4 address = chosen.get();
        boolean isKnown =
                asked.table()
                        .at(address)
                        .filter(lease -> lease.client().equals(asked.client()))
                        .filter(lease -> lease.isTaken(asked.now()))
                        .isPresent();
        if (pending.containsKey(address)) {
            // The client is impatient: its newest request is answered when the probe ends.
            pending.put(address, new Pending(asked.packet(), asked.arrival(), attempt));
        } else if (isKnown || !settings.probes()) {
            hold(asked, address, step);
            step.replies.add(replyOffer(asked, address));
        } else {
            hold(asked, address, step);
            pending.put(address, new Pending(asked.packet(), asked.arrival(), attempt));
            step.probes.add(
                    new Probe(
                            address,
                            asked.packet().hardware(),
                            asked.arrival(),
                            !asked.packet().relay().isAny()));
        }
    }

    private static void hold(Asked asked, Ipv4 address, Step.Builder step) {
        boolean isBound =
                asked.table()
                        .at(address)
                        .filter(lease -> lease.client().equals(asked.client()))
                        .filter(lease -> lease.isBound(asked.now()))
                        .isPresent();
        if (!isBound) {
            asked.table()
                    .put(
                            lease(asked, address, Lease.State.OFFERED, asked.now().plus(OFFER)),
                            asked.now())
                    .ifPresent(step.changes::add);
        }
    }

    private Reply replyOffer(Asked asked, Ipv4 address) {
        return replies.offer(asked.packet(), asked.arrival(), grant(asked, address));
    }

    private static Replies.Grant grant(Asked asked, Ipv4 address) {
        return new Replies.Grant(
                asked.table().subnet(),
                address,
                asked.table()
                        .reservation(asked.client())
                        .map(Subnet.Reservation::hostName)
                        .orElse(""));
    }

    private void request(Asked asked, Step.Builder step) {
        DhcpPacket packet = asked.packet();
        Optional<Ipv4> server = packet.options().address(Option.SERVER_ID);
        Optional<Ipv4> wish = packet.options().address(Option.REQUESTED_ADDRESS);
        if (server.isPresent() && !isOurs(server.get(), asked.arrival())) {
            // It took another server's offer: ours is free again.
            asked.table()
                    .of(asked.client())
                    .filter(lease -> lease.state() == Lease.State.OFFERED)
                    .ifPresent(lease -> {
                        pending.remove(lease.address());
                        asked.table().put(released(asked, lease), asked.now());
                    });
            return;
        }
        // SELECTING and INIT-REBOOT name the address in an option, RENEWING and REBINDING have it.
        Ipv4 address = wish.orElse(packet.client());
        if (address.isAny()) {
            return;
        }
        Optional<Lease> known = asked.table().of(asked.client());
        boolean isRight =
                known.map(lease -> lease.address().equals(address)).orElse(false)
                        && asked.table().isFor(asked.client(), address, asked.now());
        boolean isReboot = server.isEmpty() && wish.isPresent();
        if (isRight || (mayTake(asked, address) && !isReboot)) {
            // Without a record of ours it is one that we lost, or whose offer a restart forgot.
            bind(asked, address, step);
        } else if (known.isPresent()
                || server.isPresent()
                || !asked.table().isFor(asked.client(), address, asked.now())) {
            step.replies.add(
                    replies.refuse(
                            packet,
                            asked.arrival(),
                            address + " is not yours, or not of " + asked.table().subnet()));
        }
        // Else INIT-REBOOT of a client that we don't know: RFC 2131, section 4.3.2, is for silence.
    }

    private boolean mayTake(Asked asked, Ipv4 address) {
        boolean hasOther =
                asked.table()
                        .of(asked.client())
                        .filter(lease -> lease.isTaken(asked.now()))
                        .filter(lease -> !lease.address().equals(address))
                        .isPresent();
        return !hasOther && asked.table().isFor(asked.client(), address, asked.now());
    }

    private void bind(Asked asked, Ipv4 address, Step.Builder step) {
        pending.remove(address);
        Subnet subnet = asked.table().subnet();
        Lease lease =
                lease(asked, address, Lease.State.BOUND, asked.now().plus(subnet.leaseTime()));
        asked.table().put(lease, asked.now()).ifPresent(step.changes::add);
        step.changes.add(lease);
        step.replies.add(
                replies.acknowledge(asked.packet(), asked.arrival(), grant(asked, address)));
    }

    private void decline(Asked asked, Step.Builder step) {
        asked.packet()
                .options()
                .address(Option.REQUESTED_ADDRESS)
                .filter(address -> holds(asked, address))
                .ifPresent(address -> {
                    watch.declined(
                                    address,
                                    asked.client(),
                                    asked.packet().options().text(Option.MESSAGE),
                                    asked.now())
                            .ifPresent(step.observations::add);
                    quarantine(asked, address, step);
                });
    }

    private void release(Asked asked, Step.Builder step) {
        Ipv4 address = asked.packet().client();
        if (holds(asked, address)) {
            Lease released = released(asked, asked.table().of(asked.client()).orElseThrow());
            asked.table().put(released, asked.now());
            step.changes.add(released);
        }
    }

    private boolean holds(Asked asked, Ipv4 address) {
        return asked.table()
                .of(asked.client())
                .filter(lease -> lease.address().equals(address))
                .filter(lease -> lease.isTaken(asked.now()))
                .isPresent();
    }

    private void quarantine(Asked asked, Ipv4 address, Step.Builder step) {
        Lease declined = lease(asked, address, Lease.State.DECLINED, asked.now().plus(QUARANTINE));
        asked.table().put(declined, asked.now());
        step.changes.add(declined);
    }

    private static Lease lease(Asked asked, Ipv4 address, Lease.State state, Instant until) {
        String hostName = asked.packet().options().text(Option.HOST_NAME).orElse("");
        return new Lease(
                address,
                asked.client(),
                state,
                until,
                hostName.substring(0, Math.min(255, hostName.length())));
    }

    private static Lease released(Asked asked, Lease lease) {
        return new Lease(
                lease.address(),
                lease.client(),
                Lease.State.RELEASED,
                asked.now(),
                lease.hostName());
    }

    private boolean isOurs(Ipv4 address, Arrival arrival) {
        return address.equals(arrival.local()) || settings.own().contains(address);
    }

    /// The subnet that a request is about: RFC 3527, RFC 3011, then where it came from.
    private Optional<LeaseTable> locate(DhcpPacket packet, Arrival arrival) {
        Optional<Ipv4> selected =
                Optional.ofNullable(
                                packet.options()
                                        .suboptions(Option.RELAY_AGENT)
                                        .get(Replies.LINK_SELECTION))
                        .filter(value -> value.size() == 4)
                        .map(value -> Ipv4.of(value, 0))
                        .or(() -> packet.options().address(Option.SUBNET_SELECTION));
        if (selected.isPresent()) {
            return tableOf(selected.get());
        }
        if (!packet.relay().isAny()) {
            return tableOf(packet.relay());
        }
        // A client that renews may be behind a router, and speaks to us directly.
        return tableOf(arrival.local())
                .filter(table ->
                        packet.client().isAny()
                                || table.subnet().network().contains(packet.client())
                                || tableOf(packet.client()).isEmpty())
                .or(() -> tableOf(packet.client()));
    }

    private Optional<LeaseTable> tableOf(Ipv4 address) {
        return Optional.ofNullable(tables.floorEntry(address))
                .map(Map.Entry::getValue)
                .filter(table -> table.subnet().network().contains(address));
    }
}
