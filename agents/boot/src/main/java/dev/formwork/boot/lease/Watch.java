package dev.formwork.boot.lease;

import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.address.Octets;
import dev.formwork.boot.dhcp.DhcpPacket;
import dev.formwork.boot.dhcp.MessageType;
import dev.formwork.boot.dhcp.Option;
import dev.formwork.model.Names;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Names what is wrong on the segment: servers that are not ours, addresses that two use. Says the
/// same of the same subject once a minute at most, whatever hostile packets come.
final class Watch {
    private static final int MOST = 4096;
    private static final Duration QUIET = Duration.ofMinutes(1);

    private final DhcpSettings settings;
    private final Map<String, Instant> said = new Sightings.Recent<>(MOST);
    private final Sightings places = new Sightings();
    private final Sightings machines = new Sightings();
    private final Sightings cards = new Sightings();

    Watch(DhcpSettings settings) {
        this.settings = settings;
    }

    /// A reply that we hear is somebody else's.
    Optional<Observation> reply(DhcpPacket packet, Arrival arrival, Instant now) {
        @Nullable MessageType type = packet.type();
        Optional<Ipv4> server = packet.options().address(Option.SERVER_ID);
        // A ProxyDHCP server gives no addresses.
        boolean givesAddress = !packet.yours().isAny() && type != MessageType.NAK;
        if (server.isEmpty() || !givesAddress) {
            return Optional.empty();
        }
        return foreign(
                server.get(),
                "gives out " + packet.yours() + " to " + packet.hardware(),
                arrival,
                now);
    }

    List<Observation> request(DhcpPacket packet, Arrival arrival, ClientKey client, Instant now) {
        List<Observation> found = new ArrayList<>();
        if (packet.type() == MessageType.REQUEST) {
            packet.options()
                    .address(Option.SERVER_ID)
                    .flatMap(server ->
                            foreign(server, "was chosen by " + packet.hardware(), arrival, now))
                    .ifPresent(found::add);
        }
        String name = client.toString();
        String place = place(packet, arrival);
        places.see(name, place, now)
                .flatMap(other ->
                        say(
                                "dhcp.duplicate-mac",
                                name,
                                name + " is used in two places: " + other + ", and " + place,
                                now))
                .ifPresent(found::add);
        Octets uuid = packet.options().octets(Option.CLIENT_UUID).orElse(Octets.EMPTY);
        if (uuid.size() == 17) {
            machines.see(name, uuid.hex(), now)
                    .flatMap(other ->
                            say(
                                    "dhcp.duplicate-mac",
                                    name,
                                    name
                                            + " is used by two machines, of UUID "
                                            + other
                                            + " and "
                                            + uuid,
                                    now))
                    .ifPresent(found::add);
        }
        Octets id = packet.options().octets(Option.CLIENT_ID).orElse(Octets.EMPTY);
        if (!id.isEmpty() && id.size() <= 255) {
            cards.see(id.hex(), name, now)
                    .flatMap(other ->
                            say(
                                    "dhcp.duplicate-client-id",
                                    id.hex(),
                                    "client identifier "
                                            + id
                                            + " is used by "
                                            + other
                                            + " and "
                                            + name
                                            + ": one system was copied to both?",
                                    now))
                    .ifPresent(found::add);
        }
        return found;
    }

    Optional<Observation> noSubnet(DhcpPacket packet, Arrival arrival, Instant now) {
        String from =
                packet.relay().isAny()
                        ? arrival.link() + " (" + arrival.local() + ")"
                        : "relay agent " + packet.relay();
        return say("dhcp.no-subnet", from, "no subnet for requests by " + from, now);
    }

    /// The client's firmware gets an address, and nothing to boot.
    Optional<Observation> lacks(ClientKey client, String what, Instant now) {
        return say(
                "boot.no-architecture",
                client.toString(),
                client + " wants to boot from the network, and there is " + what,
                now);
    }

    Optional<Observation> exhausted(Subnet subnet, ClientKey client, Instant now) {
        return say(
                "dhcp.range-exhausted",
                subnet.toString(),
                "subnet " + subnet + " has no address left for " + client,
                now);
    }

    Optional<Observation> inUse(Ipv4 address, Arrival arrival, Instant now) {
        return say(
                "dhcp.address-in-use",
                address.toString(),
                address
                        + " was to be offered on "
                        + arrival.link()
                        + ", but somebody answers there",
                now);
    }

    Optional<Observation> declined(
            Ipv4 address, ClientKey client, Optional<String> message, Instant now) {
        return say(
                "dhcp.declined",
                address.toString(),
                client
                        + " got "
                        + address
                        + " and does not want it, as clients do where somebody else uses it"
                        + message.map(text -> ": " + Names.abbreviate(text)).orElse(""),
                now);
    }

    /// A client with a reservation gets another address.
    Optional<Observation> reservation(
            LeaseTable table, ClientKey client, Optional<Ipv4> chosen, Instant now) {
        return table.reservation(client)
                .map(Subnet.Reservation::address)
                .filter(reserved -> !chosen.equals(Optional.of(reserved)))
                .flatMap(reserved ->
                        say(
                                "dhcp.reservation-taken",
                                reserved.toString(),
                                reserved
                                        + " is reserved for "
                                        + client
                                        + ", but "
                                        + table.at(reserved)
                                                .map(lease ->
                                                        lease.state() == Lease.State.DECLINED
                                                                ? "somebody uses it"
                                                                : lease.client() + " has it")
                                                .orElse("it cannot have it"),
                                now));
    }

    private Optional<Observation> foreign(Ipv4 server, String does, Arrival arrival, Instant now) {
        if (server.equals(arrival.local())
                || settings.own().contains(server)
                || settings.knownServers().contains(server)) {
            return Optional.empty();
        }
        return say(
                "dhcp.rogue-server",
                server.toString(),
                "another DHCP server, " + server + ", " + does + " on " + arrival.link(),
                now);
    }

    private static String place(DhcpPacket packet, Arrival arrival) {
        return packet.relay().isAny()
                ? arrival.link()
                : "relay agent "
                        + packet.relay()
                        + packet.options()
                                .octets(Option.RELAY_AGENT)
                                .map(circuit -> " " + circuit)
                                .orElse("");
    }

    private Optional<Observation> say(String code, String subject, String detail, Instant now) {
        String key = code + ' ' + subject;
        @Nullable Instant last = said.get(key);
        if (last != null && last.plus(QUIET).isAfter(now)) {
            return Optional.empty();
        }
        said.put(key, now);
        return Optional.of(new Observation(code, subject, detail));
    }
}
