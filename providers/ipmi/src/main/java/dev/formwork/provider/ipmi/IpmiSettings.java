package dev.formwork.provider.ipmi;

import dev.formwork.model.Names;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.Settings;
import dev.formwork.provider.bmc.BmcSettings;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// The configuration of an ipmi provider, as docs/providers.md lists it.
final class IpmiSettings {
    private static final int PORT = 623;

    /// HMAC-SHA256 with AES: the best that IPMI 2.0 has.
    private static final int SUITE = 17;

    private static final int MOST_SUITE = 19;
    private static final String OEM = "[a-z0-9]{1,16}";

    private IpmiSettings() {}

    /// @throws dev.formwork.model.ProblemException `provider.invalid-config` with all that is wrong
    static BmcSettings read(ProviderContext context) {
        Settings config = Settings.config(context);
        String program = config.text("program").orElse("ipmitool");
        int suite = suite(config, SUITE);
        Optional<String> oem = oem(config);
        boolean keepsConsoles = config.flag("console").orElse(false);
        Duration most = Duration.ofSeconds(config.integer("seconds", 30, 1, 600));
        Semaphore free = new Semaphore((int) config.integer("parallel", 50, 1, 1000), true);
        return BmcSettings.read(
                context,
                config,
                PORT,
                (node, settings) ->
                        new IpmiController(
                                new Ipmitool(
                                        program,
                                        node,
                                        suite(settings, suite),
                                        oem(settings).or(() -> oem),
                                        most,
                                        free),
                                settings.flag("console").orElse(keepsConsoles)));
    }

    private static int suite(Settings settings, int fallback) {
        return (int) settings.integer("cipher_suite", fallback, 1, MOST_SUITE);
    }

    private static Optional<String> oem(Settings settings) {
        Optional<String> oem = settings.text("oem");
        if (oem.isPresent() && !oem.get().matches(OEM)) {
            settings.refuse(
                    "oem",
                    "cannot be " + Names.abbreviate(oem.get()),
                    "one that `ipmitool -o list` names, such as intelplus");
        }
        return oem;
    }
}
