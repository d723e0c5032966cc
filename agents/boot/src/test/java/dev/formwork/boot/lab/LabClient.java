package dev.formwork.boot.lab;

import dev.formwork.boot.address.HardwareAddress;
import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.address.Octets;
import dev.formwork.boot.dhcp.DhcpCodec;
import dev.formwork.boot.dhcp.DhcpDecoding;
import dev.formwork.boot.dhcp.DhcpOptions;
import dev.formwork.boot.dhcp.DhcpPacket;
import dev.formwork.boot.dhcp.MessageType;
import dev.formwork.boot.dhcp.Option;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A DHCP client as a process of its own, which the lab puts into a network namespace. Each line of
/// its standard input is a hardware address for which it asks by broadcast; says on its standard
/// output every reply that it hears, whoever it is for.
final class LabClient {
    private LabClient() {}

    public static void main(String[] args) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(68);
                BufferedReader lines =
                        new BufferedReader(
                                new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            socket.setBroadcast(true);
            Thread.ofPlatform().daemon().start(() -> hear(socket));
            say("READY");
            for (String mac = lines.readLine(); mac != null; mac = lines.readLine()) {
                byte[] asked = DhcpCodec.encode(discover(HardwareAddress.parse(mac)), 1500);
                socket.send(new DatagramPacket(asked, asked.length, Ipv4.BROADCAST.inet(), 67));
            }
        }
    }

    private static void hear(DatagramSocket socket) {
        byte[] room = new byte[1500];
        while (!socket.isClosed()) {
            DatagramPacket heard = new DatagramPacket(room, room.length);
            try {
                socket.receive(heard);
            } catch (IOException e) {
                return; // It is closed.
            }
            Octets octets = Octets.of(Arrays.copyOf(room, heard.getLength()));
            if (DhcpCodec.decode(octets) instanceof DhcpDecoding.Decoded(DhcpPacket reply)) {
                say(
                        "HEARD %s for %s: %s by %s"
                                .formatted(
                                        reply.type(),
                                        reply.hardware(),
                                        reply.yours(),
                                        reply.options()
                                                .address(Option.SERVER_ID)
                                                .orElse(Ipv4.ANY)));
            }
        }
    }

    private static DhcpPacket discover(HardwareAddress mac) {
        return new DhcpPacket(
                false,
                0,
                mac.hashCode(),
                0,
                true,
                Ipv4.ANY,
                Ipv4.ANY,
                Ipv4.ANY,
                Ipv4.ANY,
                mac,
                "",
                "",
                DhcpOptions.builder()
                        .put(Option.MESSAGE_TYPE, Octets.of(MessageType.DISCOVER.code()))
                        .build());
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
