package dev.formwork.boot.pxe;

import dev.formwork.boot.address.Octets;
import dev.formwork.boot.dhcp.DhcpOptions;
import dev.formwork.boot.dhcp.DhcpPacket;
import dev.formwork.boot.dhcp.Option;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a DHCP packet says about who boots.
///
/// @param speaks how it loads what it boots
/// @param platform empty where it does not say, or where we have nothing for it
public record BootClient(Speaks speaks, Optional<Platform> platform) {
    /// The suboption of option 175 with which iPXE says that it can load by HTTP.
    private static final int IPXE_HTTP = 19;

    private static final Pattern VENDOR_CLASS =
            Pattern.compile("(PXE|HTTP)Client(?::Arch:(\\d{5}))?(?::.*)?", Pattern.DOTALL);

    /// How a client loads what it boots.
    public enum Speaks {
        /// TFTP, as PXE firmware does; also an iPXE that was built without HTTP.
        PXE,
        /// HTTP, as UEFI firmware does.
        HTTP,
        /// iPXE's scripts.
        IPXE,
        /// It does not boot from the network: a system that runs.
        NOTHING
    }

    public static BootClient of(DhcpPacket packet) {
        DhcpOptions options = packet.options();
        Matcher vendor = VENDOR_CLASS.matcher(options.text(Option.VENDOR_CLASS).orElse(""));
        if (!vendor.matches()) {
            return new BootClient(Speaks.NOTHING, Optional.empty());
        }
        Optional<Platform> platform = platform(options.octets(Option.CLIENT_ARCHITECTURE));
        @Nullable String architecture = vendor.group(2);
        if (platform.isEmpty() && architecture != null) {
            platform = Optional.ofNullable(Platform.of(Integer.parseInt(architecture)));
        }
        Speaks speaks = "HTTP".equals(vendor.group(1)) ? Speaks.HTTP : Speaks.PXE;
        if (options.suboptions(Option.IPXE).containsKey(IPXE_HTTP) && isIpxe(options)) {
            speaks = Speaks.IPXE;
        }
        return new BootClient(speaks, platform);
    }

    private static boolean isIpxe(DhcpOptions options) {
        // Some write the user class with a length before it (RFC 3004), iPXE does not.
        String userClass = options.text(Option.USER_CLASS).orElse("");
        return userClass.equals("iPXE") || userClass.equals("\u0004iPXE");
    }

    private static Optional<Platform> platform(Optional<Octets> architectures) {
        Octets list = architectures.orElse(Octets.EMPTY);
        for (int i = 0; i + 2 <= list.size(); i += 2) {
            @Nullable Platform platform = Platform.of(list.shortAt(i));
            if (platform != null) {
                return Optional.of(platform);
            }
        }
        return Optional.empty();
    }
}
