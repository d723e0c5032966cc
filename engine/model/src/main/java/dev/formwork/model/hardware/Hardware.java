package dev.formwork.model.hardware;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a machine is recognised by when it boots from the network. A machine says it of itself, so
/// it is a name and no proof.
///
/// @param macs of its network cards, `52:54:00:00:00:01`, lower case, the one that it boots by
///   first; at most 16
/// @param uuid of SMBIOS, lower case, if it has one that is its own
/// @param serial number of the chassis or board, 1 to 128 printable ASCII characters
/// @param cloudId of an instance of a cloud, as [CloudId] says: `aws:i-0123456789abcdef0`, lower
///   case
public record Hardware(
        List<String> macs,
        Optional<String> uuid,
        Optional<String> serial,
        Optional<String> cloudId) {
    private static final int MOST_MACS = 16;
    static final Pattern MAC = Pattern.compile("[0-9a-f]{2}(:[0-9a-f]{2}){5}");
    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern SERIAL = Pattern.compile("[ -~]{1,128}");

    /// Nothing that could recognise a machine.
    public static final Hardware NONE = new Hardware(List.of(), Optional.empty(), Optional.empty());

    /// One that is no instance of a cloud, or does not know that it is.
    public Hardware(List<String> macs, Optional<String> uuid, Optional<String> serial) {
        this(macs, uuid, serial, Optional.empty());
    }

    /// @throws IllegalArgumentException where one of them has another form
    public Hardware {
        macs = macs.stream().map(mac -> mac.toLowerCase(Locale.ROOT)).distinct().toList();
        uuid = uuid.map(id -> id.toLowerCase(Locale.ROOT));
        if (macs.size() > MOST_MACS || !macs.stream().allMatch(MAC.asMatchPredicate())) {
            throw new IllegalArgumentException("these are not the MAC addresses of a machine");
        }
        if (uuid.isPresent() && !UUID.matcher(uuid.get()).matches()) {
            throw new IllegalArgumentException("this is not a UUID");
        }
        if (serial.isPresent() && !SERIAL.matcher(serial.get()).matches()) {
            throw new IllegalArgumentException("this is not a serial number");
        }
        cloudId = cloudId.map(id -> id.toLowerCase(Locale.ROOT));
        if (cloudId.isPresent() && !CloudId.FORM.matcher(cloudId.get()).matches()) {
            throw new IllegalArgumentException("this is not the id of a cloud's instance");
        }
    }

    public Hardware withCloudId(String id) {
        return new Hardware(macs, uuid, serial, Optional.of(id));
    }
}
