package dev.formwork.boot.pxe;

import dev.formwork.boot.address.Octets;
import dev.formwork.boot.dhcp.DhcpOptions;
import dev.formwork.boot.dhcp.DhcpPacket;
import dev.formwork.boot.dhcp.Option;
import dev.formwork.boot.lease.Arrival;
import dev.formwork.boot.lease.BootOptions;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Optional;

/// Tells firmware to load iPXE, and iPXE to load its script. Everything is on the address at which
/// the client found us, so that it needs no name and no route.
///
/// @param programs iPXE for each platform, by its path below the root of TFTP and HTTP
/// @param httpPort where we serve HTTP
/// @param script the path of iPXE's script on it, with a slash before it
public record NetworkBoot(Map<Platform, String> programs, int httpPort, String script)
        implements BootOptions {
    /// Suboption 6 (discovery control) 8: boot the file that is named here, ask nobody else.
    private static final Octets NO_DISCOVERY = Octets.of(6, 1, 8, Option.END);

    /// Suboption 176: there is no ProxyDHCP to wait for, which saves three seconds.
    private static final Octets NO_PROXY = Octets.of(176, 1, 1);

    private static final int LONGEST_FILE = 128;

    public NetworkBoot {
        programs = Map.copyOf(programs);
    }

    @Override
    public Boot boot(DhcpPacket request, Arrival arrival) {
        BootClient client = BootClient.of(request);
        @Nullable String program = client.platform().map(programs::get).orElse(null);
        return switch (client.speaks()) {
            case NOTHING -> Boot.NOTHING;
            case IPXE ->
                    named(
                            arrival,
                            url(arrival, script),
                            DhcpOptions.builder()
                                    .put(Option.VENDOR_CLASS, "PXEClient")
                                    .put(Option.IPXE, NO_PROXY));
            case PXE ->
                    program == null
                            ? Boot.NOTHING
                            : named(
                                    arrival,
                                    program,
                                    DhcpOptions.builder()
                                            .put(Option.VENDOR_CLASS, "PXEClient")
                                            .put(Option.VENDOR_SPECIFIC, NO_DISCOVERY));
            case HTTP ->
                    program == null
                            ? Boot.NOTHING
                            : new Boot(
                                    arrival.local(),
                                    "",
                                    DhcpOptions.builder()
                                            .put(Option.VENDOR_CLASS, "HTTPClient")
                                            // EDK II ends a text by writing NUL behind it, which
                                            // would be into the next option: give it one.
                                            .put(
                                                    Option.BOOT_FILE,
                                                    url(arrival, "/" + program) + "\0")
                                            .build());
        };
    }

    @Override
    public Optional<String> lacks(DhcpPacket request) {
        BootClient client = BootClient.of(request);
        return switch (client.speaks()) {
            case NOTHING, IPXE -> Optional.empty();
            case PXE, HTTP ->
                    client.platform().filter(programs::containsKey).isPresent()
                            ? Optional.empty()
                            : Optional.of(
                                    client.platform()
                                            .map(platform -> "no iPXE for " + platform)
                                            .orElse("nothing for its kind of firmware"));
        };
    }

    private static Boot named(Arrival arrival, String file, DhcpOptions.Builder options) {
        if (file.length() < LONGEST_FILE) {
            return new Boot(arrival.local(), file, options.build());
        }
        return new Boot(arrival.local(), "", options.put(Option.BOOT_FILE, file).build());
    }

    private String url(Arrival arrival, String path) {
        return "http://" + arrival.local() + (httpPort == 80 ? "" : ":" + httpPort) + path;
    }
}
