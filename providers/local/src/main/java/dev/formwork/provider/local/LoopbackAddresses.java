package dev.formwork.provider.local;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.provider.Digests;
import dev.formwork.provider.ProviderCode;

import java.util.Set;

/// Chooses a loopback address for a machine: all of 127.0.0.0/8 is the host's own (RFC 1122,
/// 3.2.1.3), on Linux without any setting up.
///
/// The second octet comes from the engine (64 to 127, away from 127.0.0.1 and 127.0.1.1), the rest
/// from engine, provider and machine, so that engines which know nothing of each other hardly ever
/// meet; what this provider has given out already is stepped over.
final class LoopbackAddresses {
    private static final int HOSTS = 254;
    private static final int PLACES = 256 * HOSTS;

    private LoopbackAddresses() {}

    static String choose(EngineId engine, String provider, MachineId machine, Set<String> taken) {
        int second = 64 + (Digests.bytes(engine.value())[0] & 63);
        byte[] digest = Digests.bytes(engine + "/" + provider + "/" + machine);
        int first = (((digest[0] & 0xff) << 16) | ((digest[1] & 0xff) << 8) | (digest[2] & 0xff));
        for (int i = 0; i < PLACES; i++) {
            int place = (first + i) % PLACES;
            String address = "127.%d.%d.%d".formatted(second, place / HOSTS, place % HOSTS + 1);
            if (!taken.contains(address)) {
                return address;
            }
        }
        throw ProviderCode.QUOTA.problem(
                "every loopback address of engine %s is taken".formatted(engine),
                "delete machines of provider " + provider);
    }
}
