package dev.formwork.boot.lease;

import static dev.formwork.boot.lease.Segment.discover;
import static dev.formwork.boot.lease.Segment.flagged;
import static dev.formwork.boot.lease.Segment.mac;
import static dev.formwork.boot.lease.Segment.only;
import static dev.formwork.boot.lease.Segment.relayed;
import static dev.formwork.boot.lease.Segment.select;
import static dev.formwork.boot.lease.Segment.subnet;
import static dev.formwork.boot.lease.Segment.with;

import static org.assertj.core.api.Assertions.assertThat;

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

/// What is wrong on a network: addresses that are in use, others' servers, two of one name.
final class ConflictsTest {
    private static final Subnet SUBNET = subnet("10.0.0.0/24", "10.0.0.100", "10.0.0.105");
    private static final Ipv4 FIRST = Ipv4.parse("10.0.0.100");
    private static final Ipv4 OTHER = Ipv4.parse("10.0.0.9");

    @Test
    void offersAnAddressOnlyAfterNobodyAnsweredThere() {
        Segment segment = Segment.probing(SUBNET);

        Step first = segment.send(discover(1));

        assertThat(first.replies()).isEmpty();
        assertThat(first.probes()).containsExactly(new Probe(FIRST, mac(1), Segment.LINK, false));
        assertThat(only(segment.probed(first.probes().getFirst(), false)).yours()).isEqualTo(FIRST);
    }

    @Test
    void offersAnotherAddressWhereSomebodyAnswers() {
        Segment segment = Segment.probing(SUBNET);
        Probe first = segment.send(discover(1)).probes().getFirst();

        Step second = segment.probed(first, true);

        assertThat(second.replies()).isEmpty();
        assertThat(second.changes())
                .singleElement()
                .satisfies(lease -> {
                    assertThat(lease.address()).isEqualTo(FIRST);
                    assertThat(lease.state()).isEqualTo(Lease.State.DECLINED);
                });
        assertThat(segment.codes()).containsExactly("dhcp.address-in-use");
        assertThat(only(segment.probed(second.probes().getFirst(), false)).yours())
                .hasToString("10.0.0.101");
    }

    @Test
    void givesUpAfterAFewAddressesInUse() {
        Segment segment = Segment.probing(SUBNET);
        Step step = segment.send(discover(1));
        for (int i = 0; i < 3; i++) {
            step = segment.probed(step.probes().getFirst(), true);
        }

        step = segment.probed(step.probes().getFirst(), true);

        assertThat(step.probes()).isEmpty();
        assertThat(step.replies()).isEmpty();
    }

    @Test
    void answersTheLatestRequestOfAnImpatientClient() {
        Segment segment = Segment.probing(SUBNET);
        Probe probe = segment.send(discover(1)).probes().getFirst();

        Step again = segment.send(flagged(discover(1), false, Ipv4.ANY));

        assertThat(again.probes()).isEmpty();
        Step offer = segment.probed(probe, false);
        assertThat(only(offer).isBroadcast()).isTrue();
        assertThat(segment.probed(probe, false).replies()).isEmpty();
    }

    @Test
    void doesNotProbeWhatTheClientHas() {
        Segment segment = Segment.probing(SUBNET);
        segment.probed(segment.send(discover(1)).probes().getFirst(), false);
        segment.send(select(1, FIRST));

        assertThat(segment.send(discover(1)).probes()).isEmpty();
        segment.passes(Duration.ofHours(2));
        assertThat(segment.send(discover(1)).probes()).hasSize(1);
    }

    @Test
    void dropsAProbeThatEndsTooLate() {
        Segment segment = Segment.probing(subnet("10.0.0.0/24", "10.0.0.100", "10.0.0.100"));
        Probe late = segment.send(discover(1)).probes().getFirst();
        segment.passes(DhcpServer.OFFER);
        Step other = segment.send(discover(2));

        assertThat(segment.probed(late, false).replies().size() + other.replies().size())
                .isLessThanOrEqualTo(1);
    }

    @Test
    void namesAServerThatIsNotOurs() {
        Segment segment = Segment.of(SUBNET);
        DhcpPacket offer = foreign(OTHER);

        segment.send(offer);
        segment.send(offer);

        assertThat(segment.observations)
                .singleElement()
                .satisfies(said -> {
                    assertThat(said.code()).isEqualTo("dhcp.rogue-server");
                    assertThat(said.detail()).contains("10.0.0.9", "10.0.0.66", "eth0");
                });
    }

    @Test
    void takesOurOwnRepliesAndKnownServersForWhatTheyAre() {
        Segment segment =
                new Segment(
                        new DhcpSettings(
                                List.of(SUBNET),
                                Set.of(Ipv4.parse("10.0.0.3")),
                                Set.of(OTHER),
                                false),
                        BootOptions.NONE);

        segment.send(foreign(OTHER));
        segment.send(foreign(Segment.SERVER));
        segment.send(foreign(Ipv4.parse("10.0.0.3")));

        assertThat(segment.observations).isEmpty();
    }

    @Test
    void namesAMacAddressThatIsUsedInTwoPlaces() {
        Segment segment = Segment.of(SUBNET, subnet("10.9.0.0/16", "10.9.1.0", "10.9.1.9"));
        DhcpPacket far =
                relayed(
                        discover(1),
                        Ipv4.parse("10.9.0.1"),
                        DhcpOptions.builder().put(Option.RELAY_AGENT, Octets.ofHex("01010a")));

        segment.send(discover(1));
        segment.send(far);
        assertThat(segment.observations).as("it may have moved").isEmpty();
        segment.send(discover(1));

        assertThat(segment.observations)
                .singleElement()
                .satisfies(said -> {
                    assertThat(said.code()).isEqualTo("dhcp.duplicate-mac");
                    assertThat(said.detail())
                            .contains("52:54:00:00:00:01", "10.9.0.1 01010a", "eth0");
                });
    }

    @Test
    void takesAMachineThatMovesAndLaterMovesBackForOne() {
        Segment segment = Segment.of(SUBNET, subnet("10.9.0.0/16", "10.9.1.0", "10.9.1.9"));
        segment.send(discover(1));
        segment.send(relayed(discover(1), Ipv4.parse("10.9.0.1"), DhcpOptions.builder()));

        segment.passes(Duration.ofMinutes(11)).send(discover(1));

        assertThat(segment.observations).isEmpty();
    }

    @Test
    void namesAMacAddressThatTwoMachinesUse() {
        Segment segment = Segment.of(SUBNET);

        segment.send(of(1, "aa"));
        segment.send(of(1, "bb"));
        segment.send(discover(1));
        segment.send(of(1, "aa"));

        assertThat(segment.codes()).containsExactly("dhcp.duplicate-mac");
    }

    @Test
    void namesAClientIdentifierThatTwoCardsUse() {
        Segment segment = Segment.of(SUBNET);
        DhcpOptions.Builder id =
                DhcpOptions.builder().put(Option.CLIENT_ID, Octets.ofHex("ff0102"));

        segment.send(with(discover(1), id));
        segment.send(with(discover(2), id));
        segment.send(with(discover(1), id));

        assertThat(segment.codes()).containsExactly("dhcp.duplicate-client-id");
        assertThat(segment.lease(1)).isNotEqualTo(segment.lease(2));
    }

    private static DhcpPacket of(int client, String uuid) {
        return with(
                discover(client),
                DhcpOptions.builder()
                        .put(Option.CLIENT_UUID, Octets.ofHex("00" + uuid.repeat(16))));
    }

    private static DhcpPacket foreign(Ipv4 server) {
        return flagged(
                Segment.packet(
                        mac(7),
                        MessageType.OFFER,
                        DhcpOptions.builder().put(Option.SERVER_ID, server),
                        Ipv4.ANY),
                true,
                Ipv4.parse("10.0.0.66"));
    }
}
