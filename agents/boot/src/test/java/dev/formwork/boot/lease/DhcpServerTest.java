package dev.formwork.boot.lease;

import static dev.formwork.boot.lease.Segment.decline;
import static dev.formwork.boot.lease.Segment.discover;
import static dev.formwork.boot.lease.Segment.flagged;
import static dev.formwork.boot.lease.Segment.mac;
import static dev.formwork.boot.lease.Segment.only;
import static dev.formwork.boot.lease.Segment.reboot;
import static dev.formwork.boot.lease.Segment.relayed;
import static dev.formwork.boot.lease.Segment.release;
import static dev.formwork.boot.lease.Segment.renew;
import static dev.formwork.boot.lease.Segment.reservation;
import static dev.formwork.boot.lease.Segment.select;
import static dev.formwork.boot.lease.Segment.subnet;
import static dev.formwork.boot.lease.Segment.with;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.boot.address.HardwareAddress;
import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.address.Octets;
import dev.formwork.boot.dhcp.DhcpOptions;
import dev.formwork.boot.dhcp.DhcpPacket;
import dev.formwork.boot.dhcp.MessageType;
import dev.formwork.boot.dhcp.Option;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Set;

final class DhcpServerTest {
    private static final Subnet SMALL = subnet("10.0.0.0/24", "10.0.0.100", "10.0.0.101");
    private static final Subnet BEHIND = subnet("10.9.0.0/16", "10.9.1.0", "10.9.1.9");
    private static final Ipv4 FIRST = Ipv4.parse("10.0.0.100");
    private static final Ipv4 SECOND = Ipv4.parse("10.0.0.101");
    private static final Ipv4 RELAY = Ipv4.parse("10.9.0.1");

    @Test
    void givesAnAddressWithWhatTheSubnetHas() {
        Segment segment = Segment.of(SMALL);

        Step offer = segment.send(discover(1));
        Step ack = segment.send(select(1, FIRST));

        assertThat(offer.changes()).isEmpty();
        assertThat(only(offer).type()).isEqualTo(MessageType.OFFER);
        assertThat(only(offer).yours()).isEqualTo(FIRST);
        DhcpPacket packet = only(ack);
        assertThat(packet.type()).isEqualTo(MessageType.ACK);
        assertThat(packet.yours()).isEqualTo(FIRST);
        assertThat(packet.transaction()).isEqualTo(mac(1).hashCode());
        assertThat(packet.options().address(Option.SERVER_ID)).contains(Segment.SERVER);
        assertThat(packet.options().address(Option.SUBNET_MASK))
                .contains(Ipv4.parse("255.255.255.0"));
        assertThat(packet.options().octets(Option.DNS_SERVERS).orElseThrow().hex())
                .isEqualTo("0a0000020a000003");
        assertThat(packet.options().octets(Option.LEASE_TIME).orElseThrow().intAt(0))
                .isEqualTo(3600);
        assertThat(packet.options().octets(Option.RENEWAL_TIME).orElseThrow().intAt(0))
                .isEqualTo(1800);
        assertThat(packet.options().text(Option.DOMAIN_NAME)).contains("example.org");
        assertThat(ack.changes())
                .singleElement()
                .satisfies(lease -> {
                    assertThat(lease.state()).isEqualTo(Lease.State.BOUND);
                    assertThat(lease.until()).isEqualTo(segment.now.plus(Duration.ofHours(1)));
                });
    }

    @Test
    void sendsToTheCardOfAClientWithoutAnAddress() {
        Segment segment = Segment.of(SMALL);

        assertThat(segment.send(discover(1)).replies().getFirst().destination())
                .isEqualTo(new Destination.Card(FIRST, mac(1)));
        assertThat(
                        segment.send(flagged(discover(1), false, Ipv4.ANY))
                                .replies()
                                .getFirst()
                                .destination())
                .isEqualTo(new Destination.Everybody());
        segment.lease(1);
        assertThat(segment.send(renew(1, FIRST)).replies().getFirst().destination())
                .isEqualTo(new Destination.Host(FIRST, 68));
    }

    @Test
    void givesAClientItsAddressAgain() {
        Segment segment = Segment.of(SMALL);
        Ipv4 had = segment.lease(1);
        segment.lease(2);

        assertThat(segment.lease(1)).isEqualTo(had);
        segment.passes(Duration.ofHours(2));
        assertThat(segment.lease(1)).isEqualTo(had);
    }

    @Test
    void givesOneAddressToFirmwareLoaderAndSystemOfOneCard() {
        Segment segment = Segment.of(SMALL);
        Ipv4 had = segment.lease(1);

        DhcpPacket system =
                with(
                        discover(1),
                        DhcpOptions.builder()
                                .put(Option.CLIENT_ID, Octets.ofHex("ff00000000000100012b")));

        assertThat(only(segment.send(system)).yours()).isEqualTo(had);
    }

    @Test
    void knowsACardWithoutAnAddressByItsClientIdentifier() {
        Segment segment = Segment.of(SMALL);
        DhcpPacket bare =
                Segment.packet(
                        new HardwareAddress(32, Octets.EMPTY),
                        MessageType.DISCOVER,
                        DhcpOptions.builder().put(Option.CLIENT_ID, Octets.ofHex("20aabb")),
                        Ipv4.ANY);

        Step step = segment.send(bare);

        assertThat(only(step).yours()).isEqualTo(FIRST);
        assertThat(only(step).options().octets(Option.CLIENT_ID)).contains(Octets.ofHex("20aabb"));
        assertThat(step.replies().getFirst().destination()).isEqualTo(new Destination.Everybody());
    }

    @Test
    void renewsALease() {
        Segment segment = Segment.of(SMALL);
        segment.lease(1);
        segment.passes(Duration.ofMinutes(30));

        Step step = segment.send(renew(1, FIRST));

        assertThat(only(step).type()).isEqualTo(MessageType.ACK);
        assertThat(segment.book.get(FIRST))
                .satisfies(lease ->
                        assertThat(lease.until()).isEqualTo(segment.now.plus(Duration.ofHours(1))));
    }

    @Test
    void refusesAnAddressOfAnotherClient() {
        Segment segment = Segment.of(SMALL);
        segment.lease(1);

        for (DhcpPacket request : List.of(select(2, FIRST), reboot(2, FIRST), renew(2, FIRST))) {
            Step step = segment.send(request);

            assertThat(only(step).type()).isEqualTo(MessageType.NAK);
            assertThat(only(step).yours()).isEqualTo(Ipv4.ANY);
            assertThat(step.changes()).isEmpty();
            assertThat(step.replies().getFirst().destination())
                    .isEqualTo(new Destination.Everybody());
        }
    }

    @Test
    void refusesAnAddressOfAnotherNetworkToAClientThatMoved() {
        Segment segment = Segment.of(SMALL);

        assertThat(only(segment.send(reboot(1, Ipv4.parse("192.168.0.7")))).type())
                .isEqualTo(MessageType.NAK);
    }

    @Test
    void isSilentToAClientItDoesNotKnowThatStartsAgain() {
        assertThat(Segment.of(SMALL).send(reboot(1, FIRST)).replies()).isEmpty();
    }

    @Test
    void grantsWhatItOfferedBeforeItStartedAgain() {
        Segment segment = Segment.of(SMALL);
        Ipv4 offered = only(segment.send(discover(1))).yours();
        segment.restart();

        assertThat(only(segment.send(select(1, offered))).type()).isEqualTo(MessageType.ACK);
    }

    @Test
    void knowsItsLeasesAfterItStartedAgain() {
        Segment segment = Segment.of(SMALL);
        segment.lease(1);
        segment.restart();

        assertThat(segment.lease(2)).isEqualTo(SECOND);
        assertThat(only(segment.send(renew(1, FIRST))).type()).isEqualTo(MessageType.ACK);
    }

    @Test
    void saysOnceThatTheRangeIsExhausted() {
        Segment segment = Segment.of(SMALL);
        segment.lease(1);
        segment.lease(2);

        assertThat(segment.send(discover(3)).replies()).isEmpty();
        segment.send(discover(4));
        assertThat(segment.codes()).containsExactly("dhcp.range-exhausted");
        segment.passes(Duration.ofMinutes(2)).send(discover(3));
        assertThat(segment.codes()).hasSize(2);
    }

    @Test
    void givesOutWhatRanOutOrWasGivenBack() {
        Segment segment = Segment.of(SMALL);
        segment.lease(1);
        segment.lease(2);
        segment.send(release(2, SECOND));

        assertThat(segment.book.get(SECOND))
                .satisfies(lease -> assertThat(lease.state()).isEqualTo(Lease.State.RELEASED));
        assertThat(segment.lease(3)).isEqualTo(SECOND);
        segment.passes(Duration.ofHours(1));
        assertThat(segment.lease(4)).isEqualTo(FIRST);
        assertThat(only(segment.send(renew(1, FIRST))).type()).isEqualTo(MessageType.NAK);
    }

    @Test
    void freesAnOfferThatNobodyTook() {
        Segment segment = Segment.of(SMALL);
        segment.send(discover(1));
        segment.send(discover(2));
        assertThat(segment.send(discover(3)).replies()).isEmpty();

        segment.passes(DhcpServer.OFFER);

        assertThat(segment.send(discover(3)).replies()).hasSize(1);
    }

    @Test
    void freesAnOfferWhenTheClientTakesAnotherServer() {
        Segment segment = Segment.of(SMALL);
        segment.send(discover(1));
        segment.send(discover(2));
        Ipv4 other = Ipv4.parse("10.0.0.9");

        Step step =
                segment.send(
                        with(
                                reboot(1, Ipv4.parse("10.0.0.77")),
                                DhcpOptions.builder().put(Option.SERVER_ID, other)));

        assertThat(step.replies()).isEmpty();
        assertThat(segment.codes()).containsExactly("dhcp.rogue-server");
        assertThat(only(segment.send(discover(3))).yours()).isEqualTo(FIRST);
    }

    @Test
    void letsNobodyGiveBackWhatIsNotTheirs() {
        Segment segment = Segment.of(SMALL);
        segment.lease(1);

        assertThat(segment.send(release(2, FIRST)).changes()).isEmpty();
        assertThat(segment.send(decline(2, FIRST)).changes()).isEmpty();
        assertThat(segment.codes()).isEmpty();
    }

    @Test
    void leavesADeclinedAddressAloneForAWhile() {
        Segment segment = Segment.of(SMALL);
        segment.lease(1);

        segment.send(decline(1, FIRST));

        assertThat(segment.codes()).containsExactly("dhcp.declined");
        assertThat(segment.lease(1)).isEqualTo(SECOND);
        segment.restart();
        assertThat(segment.send(discover(2)).replies()).isEmpty();
        segment.passes(DhcpServer.QUARANTINE);
        assertThat(segment.lease(2)).isEqualTo(FIRST);
    }

    @Test
    void keepsAReservedAddressForItsClient() {
        Segment segment =
                Segment.of(
                        subnet(
                                "10.0.0.0/24",
                                "10.0.0.100",
                                "10.0.0.101",
                                reservation("52:54:00:00:00:09", "10.0.0.100"),
                                reservation("52:54:00:00:00:08", "10.0.0.8")));

        assertThat(segment.lease(1)).isEqualTo(SECOND);
        assertThat(segment.send(discover(2)).replies()).isEmpty();
        assertThat(segment.lease(9)).isEqualTo(FIRST);
        assertThat(segment.lease(8)).hasToString("10.0.0.8");
        assertThat(only(segment.send(discover(8))).options().text(Option.HOST_NAME))
                .contains("kept");
        assertThat(only(segment.send(select(2, FIRST))).type()).isEqualTo(MessageType.NAK);
        segment.send(release(9, FIRST));
        assertThat(segment.send(discover(2)).replies()).isEmpty();
    }

    @Test
    void namesAReservationThatSomebodyElseUses() {
        Segment segment =
                Segment.of(
                        subnet(
                                "10.0.0.0/24",
                                "10.0.0.100",
                                "10.0.0.101",
                                reservation("52:54:00:00:00:09", "10.0.0.100")));
        segment.lease(9);
        segment.send(decline(9, FIRST));

        assertThat(segment.lease(9)).isEqualTo(SECOND);
        assertThat(segment.codes()).containsExactly("dhcp.declined", "dhcp.reservation-taken");
    }

    @Test
    void answersARelayAgentAndKeepsItsOption() {
        Segment segment = Segment.of(SMALL, BEHIND);
        Octets circuit = Octets.ofHex("0104deadbeef" + "0202aabb");

        Step step =
                segment.send(
                        relayed(
                                discover(1),
                                RELAY,
                                DhcpOptions.builder().put(Option.RELAY_AGENT, circuit)));

        assertThat(only(step).yours()).hasToString("10.9.1.0");
        assertThat(only(step).relay()).isEqualTo(RELAY);
        assertThat(only(step).options().octets(Option.RELAY_AGENT)).contains(circuit);
        assertThat(step.replies().getFirst().destination())
                .isEqualTo(new Destination.Host(RELAY, 67));
    }

    @Test
    void choosesTheSubnetThatTheRelayAgentNames() {
        Segment segment = Segment.of(SMALL, BEHIND);

        assertThat(
                        only(segment.send(
                                        relayed(
                                                discover(1),
                                                Ipv4.parse("10.0.0.250"),
                                                DhcpOptions.builder()
                                                        .put(
                                                                Option.RELAY_AGENT,
                                                                Octets.ofHex("05040a090000")))))
                                .yours())
                .hasToString("10.9.1.0");
        assertThat(
                        only(segment.send(
                                        with(
                                                discover(2),
                                                DhcpOptions.builder()
                                                        .put(
                                                                Option.SUBNET_SELECTION,
                                                                Ipv4.parse("10.9.0.0")))))
                                .yours())
                .hasToString("10.9.1.1");
    }

    @Test
    void refusesThroughTheRelayAgentByBroadcast() {
        Segment segment = Segment.of(SMALL, BEHIND);

        Step step = segment.send(relayed(reboot(1, FIRST), RELAY, DhcpOptions.builder()));

        assertThat(only(step).type()).isEqualTo(MessageType.NAK);
        assertThat(only(step).isBroadcast()).isTrue();
        assertThat(step.replies().getFirst().destination())
                .isEqualTo(new Destination.Host(RELAY, 67));
    }

    @Test
    void renewsDirectlyWhatCameThroughARelayAgent() {
        Segment segment = Segment.of(SMALL, BEHIND);
        Ipv4 address = Ipv4.parse("10.9.1.0");
        segment.send(relayed(discover(1), RELAY, DhcpOptions.builder()));
        segment.send(relayed(select(1, address), RELAY, DhcpOptions.builder()));

        assertThat(only(segment.send(renew(1, address))).type()).isEqualTo(MessageType.ACK);
    }

    @Test
    void namesARequestThatNoSubnetIsFor() {
        Segment segment = Segment.of(SMALL);

        Step step =
                segment.send(relayed(discover(1), Ipv4.parse("172.16.0.1"), DhcpOptions.builder()));

        assertThat(step.replies()).isEmpty();
        assertThat(segment.observations)
                .singleElement()
                .satisfies(said -> {
                    assertThat(said.code()).isEqualTo("dhcp.no-subnet");
                    assertThat(said.detail()).contains("172.16.0.1");
                });
    }

    @Test
    void informsAClientThatHasAnAddress() {
        Segment segment = Segment.of(SMALL);
        DhcpPacket inform =
                Segment.packet(
                        mac(1), MessageType.INFORM, DhcpOptions.builder(), Ipv4.parse("10.0.0.50"));

        Step step = segment.send(inform);

        assertThat(step.changes()).isEmpty();
        assertThat(only(step).yours()).isEqualTo(Ipv4.ANY);
        assertThat(only(step).options().has(Option.LEASE_TIME)).isFalse();
        assertThat(only(step).options().has(Option.DNS_SERVERS)).isTrue();
        assertThat(step.replies().getFirst().destination())
                .isEqualTo(new Destination.Host(Ipv4.parse("10.0.0.50"), 68));
    }

    @Test
    void addsWhatTheClientIsToldToBoot() {
        Segment segment =
                new Segment(
                        new DhcpSettings(List.of(SMALL), Set.of(), Set.of(), false),
                        (request, arrival) ->
                                new BootOptions.Boot(
                                        Segment.SERVER,
                                        "undionly.kpxe",
                                        DhcpOptions.builder()
                                                .put(Option.VENDOR_CLASS, "PXEClient")
                                                .build()));

        DhcpPacket offer = only(segment.send(discover(1)));

        assertThat(offer.file()).isEqualTo("undionly.kpxe");
        assertThat(offer.nextServer()).isEqualTo(Segment.SERVER);
        assertThat(offer.options().text(Option.VENDOR_CLASS)).contains("PXEClient");
    }
}
