package dev.formwork.provider.qemu;

import dev.formwork.model.MachineId;
import dev.formwork.model.hardware.Card;
import dev.formwork.model.hardware.Hardware;
import dev.formwork.provider.Digests;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// What `hardware.json` says of one machine: what it is made of. Written once, when the machine is
/// made.
///
/// @param format 1; another is refused, not guessed at
/// @param macs of the card that it boots by, and of that on the segment
/// @param uuid of SMBIOS
/// @param serial of SMBIOS
/// @param card the address of the second card with its prefix, where it was made with one
record VirtualHardware(
        int format,
        MachineSpec spec,
        List<String> macs,
        String uuid,
        String serial,
        @Nullable String card) {
    static final String FILE = "hardware.json";

    private static final int FORMAT = 1;
    private static final int CARDS = 2;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    VirtualHardware {
        Objects.requireNonNull(spec, "spec");
        macs = List.copyOf(macs);
        if (format != FORMAT || macs.size() != CARDS) {
            throw new IllegalArgumentException("format " + format);
        }
    }

    /// @param taken the MAC addresses that other machines have
    static VirtualHardware of(
            MachineId machine, MachineSpec spec, Set<String> taken, @Nullable String card) {
        List<String> macs = new ArrayList<>();
        for (int i = 0; macs.size() < CARDS; i++) {
            byte[] digest = Digests.bytes("mac/" + machine + "/" + i);
            String mac =
                    "52:54:00:%02x:%02x:%02x"
                            .formatted(digest[0] & 0xff, digest[1] & 0xff, digest[2] & 0xff);
            if (!taken.contains(mac) && !macs.contains(mac)) {
                macs.add(mac);
            }
        }
        String uuid =
                UUID.nameUUIDFromBytes(("formwork/" + machine).getBytes(StandardCharsets.UTF_8))
                        .toString();
        return new VirtualHardware(FORMAT, spec, macs, uuid, machine.value(), card);
    }

    /// @throws RuntimeException where it is none of this format
    static VirtualHardware parse(byte[] json) {
        VirtualHardware hardware = JSON.readValue(json, VirtualHardware.class);
        hardware.hardware();
        hardware.cards();
        return hardware;
    }

    byte[] json() {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
    }

    String bootMac() {
        return macs.getFirst();
    }

    String segmentMac() {
        return macs.getLast();
    }

    /// What the machine is recognised by: on a bridge it has one card only.
    Hardware hardware() {
        return new Hardware(
                card == null ? List.of(bootMac()) : macs, Optional.of(uuid), Optional.of(serial));
    }

    List<Card> cards() {
        return card == null ? List.of() : List.of(new Card(segmentMac(), card));
    }
}
