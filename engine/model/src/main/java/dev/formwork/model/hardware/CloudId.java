package dev.formwork.model.hardware;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a cloud calls an instance: `aws:i-0123456789abcdef0`. It stays with the instance when its
/// network interfaces are exchanged, and no two have the same.
///
/// It is read from DMI, where hypervisors write it, and so without a question to a metadata server,
/// which answers everybody on the machine and is closed on some. Where each cloud has it, as
/// cloud-init's data sources know too:
///
/// - **AWS**: the maker is `Amazon EC2`, and the board's asset tag is the instance id (Nitro and
///   bare metal; instances on Xen have a UUID that begins with `ec2`, and no id). Source: EC2 user
///   guide, "Determine whether your instance is a Nitro-based instance".
/// - **OpenStack**: the product is `OpenStack Nova` or `OpenStack Compute`, and the UUID is that of
///   the instance. Source: `nova/virt/libvirt/driver.py`, `_get_guest_config_sysinfo`.
/// - **Google**: the product is `Google Compute Engine`, and the numeric id is said by the metadata
///   server only. Such an instance is recognised by its UUID; a provider can still say `gce:ID`.
public final class CloudId {
    static final Pattern FORM = Pattern.compile("[a-z][a-z0-9]{0,15}:[a-z0-9][a-z0-9._-]{0,127}");

    private static final Pattern AWS_INSTANCE = Pattern.compile("i-[0-9a-f]{8}([0-9a-f]{9})?");
    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private CloudId() {}

    /// The id that DMI holds, lower case; empty where it holds none. Any text may be given: what
    /// has not the exact form of an id is none.
    ///
    /// @param manufacturer of the system (type 1 of SMBIOS), as are `product` and `uuid`
    /// @param boardAsset asset tag of the board (type 2)
    public static Optional<String> ofDmi(
            String manufacturer, String product, String boardAsset, String uuid) {
        if (manufacturer.equals("Amazon EC2")) {
            return id("aws", AWS_INSTANCE, boardAsset);
        }
        if (product.equals("OpenStack Nova") || product.equals("OpenStack Compute")) {
            return id("openstack", UUID, uuid);
        }
        return Optional.empty();
    }

    private static Optional<String> id(String kind, Pattern form, String hostile) {
        String small = hostile.toLowerCase(Locale.ROOT);
        return form.matcher(small).matches() ? Optional.of(kind + ":" + small) : Optional.empty();
    }
}
