package dev.formwork.boot.script;

import dev.formwork.boot.address.HardwareAddress;
import dev.formwork.boot.address.Octets;
import dev.formwork.model.hardware.CloudId;
import dev.formwork.model.hardware.Hardware;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// What a machine says of itself when it boots. Nothing of it is proved: anybody on the boot
/// network can say the same.
///
/// @param macs of its cards, the one that it boots by first
/// @param uuid of SMBIOS; empty where it has none, or one that many have
/// @param serial and the rest: of SMBIOS, hostile text of at most 128 characters below 256, empty
///   where none
/// @param asset tag of the chassis
/// @param boardAsset that of the board, where a cloud puts the id of the instance
/// @param architecture as iPXE names it, such as `x86_64`; empty where it says none that is known
/// @param isUefi UEFI, not BIOS
public record MachineIdentity(
        List<HardwareAddress> macs,
        Optional<UUID> uuid,
        String serial,
        String asset,
        String boardAsset,
        String manufacturer,
        String product,
        String architecture,
        boolean isUefi) {
    private static final int MOST_MACS = 16;
    private static final int LONGEST = 128;
    private static final int LONGEST_QUERY = 4096;
    private static final Pattern ARCHITECTURE = Pattern.compile("[a-z0-9_]{1,16}");

    /// What boards have that nobody set.
    private static final List<String> NO_UUIDS =
            List.of(
                    "00000000-0000-0000-0000-000000000000",
                    "ffffffff-ffff-ffff-ffff-ffffffffffff",
                    "03000200-0400-0500-0006-000700080009",
                    "12345678-1234-5678-90ab-cddeefaabbcc");

    /// What boards have where nobody put in a serial number.
    private static final List<String> NO_SERIALS =
            List.of(
                    "none",
                    "0",
                    "0123456789",
                    "123456789",
                    "default string",
                    "not specified",
                    "system serial number",
                    "to be filled by o.e.m.");

    public MachineIdentity {
        macs = List.copyOf(macs);
    }

    /// What it is recognised by.
    public Hardware hardware() {
        return new Hardware(
                macs.stream().map(HardwareAddress::toString).toList(),
                uuid.map(UUID::toString),
                Optional.of(serial)
                        .filter(it ->
                                !NO_SERIALS.contains(it.toLowerCase(Locale.ROOT))
                                        && it.matches("[ -~]{1,128}")),
                CloudId.ofDmi(
                        manufacturer, product, boardAsset, uuid.map(UUID::toString).orElse("")));
    }

    /// Of the query of [IpxeScripts#identify]. Total: what makes no sense is left out.
    public static MachineIdentity parse(String query) {
        Map<String, String> fields = new HashMap<>();
        List<HardwareAddress> macs = new ArrayList<>();
        String whole = query.substring(0, Math.min(LONGEST_QUERY, query.length()));
        for (String field : whole.split("&", -1)) {
            int equals = field.indexOf('=');
            if (equals < 0) {
                continue;
            }
            String name = field.substring(0, equals);
            String value = decoded(field.substring(equals + 1));
            if (name.equals("mac") && macs.size() < MOST_MACS) {
                mac(value).filter(mac -> !macs.contains(mac)).ifPresent(macs::add);
            }
            fields.putIfAbsent(name, value);
        }
        String architecture = fields.getOrDefault("arch", "");
        return new MachineIdentity(
                macs,
                uuid(fields.getOrDefault("uuid", "")),
                text(fields.getOrDefault("serial", "")),
                text(fields.getOrDefault("asset", "")),
                text(fields.getOrDefault("board", "")),
                text(fields.getOrDefault("manufacturer", "")),
                text(fields.getOrDefault("product", "")),
                ARCHITECTURE.matcher(architecture).matches() ? architecture : "",
                fields.getOrDefault("platform", "").equals("efi"));
    }

    private static Optional<HardwareAddress> mac(String text) {
        String digits = text.toLowerCase(Locale.ROOT).replaceAll("[:-]", "");
        return digits.matches("[0-9a-f]{12}")
                ? Optional.of(HardwareAddress.ethernet(Octets.ofHex(digits)))
                        .filter(HardwareAddress::isCard)
                : Optional.empty();
    }

    private static Optional<UUID> uuid(String text) {
        String small = text.toLowerCase(Locale.ROOT);
        return small.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
                        && !NO_UUIDS.contains(small)
                ? Optional.of(UUID.fromString(small))
                : Optional.empty();
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text; // Half a percent sign: as hostile as the rest.
        }
    }

    /// Of octets as `61:62`; what comes after the first that is none is left out.
    private static String text(String hex) {
        StringBuilder digits = new StringBuilder();
        for (String octet : hex.split(":", -1)) {
            if (!octet.matches("[0-9a-fA-F]{2}") || digits.length() == 2 * LONGEST) {
                break;
            }
            digits.append(octet);
        }
        return Octets.ofHex(digits.toString()).text();
    }
}
