package dev.formwork.agent.identity;

import dev.formwork.agent.pace.Backoff;
import dev.formwork.agent.pace.Signal;
import dev.formwork.agent.protocol.Facts;
import dev.formwork.agent.protocol.ProtocolException;
import dev.formwork.agent.protocol.ProtocolJson;
import dev.formwork.agent.protocol.Register;
import dev.formwork.agent.protocol.Registered;
import dev.formwork.agent.transport.Contact;
import dev.formwork.agent.transport.Engine;
import dev.formwork.agent.transport.EngineRefusalException;
import dev.formwork.agent.transport.EngineUnreachableException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;
import java.util.function.Supplier;

/// Turns a boot token into a lasting identity. The credential is stored before it is sent, so a
/// lost answer costs nothing: the same token is sent again with the same credential. A boot token
/// that the stored identity was not made for starts a new one.
public final class Registration {
    private static final System.Logger LOG = System.getLogger(Registration.class.getName());
    private static final int CREDENTIAL_BYTES = 32;

    private final IdentityPlace place;
    private final Engine engine;
    private final Contact contact;
    private final Supplier<byte[]> randomBytes;
    private @Nullable String lastTrouble;

    /// @param place where the identity is kept
    /// @param randomBytes makes 32 of them, unpredictable
    public Registration(
            IdentityPlace place, Engine engine, Contact contact, Supplier<byte[]> randomBytes) {
        this.place = place;
        this.engine = engine;
        this.contact = contact;
        this.randomBytes = randomBytes;
    }

    /// The identity, from the file where it can be, else from the engine, however long that takes.
    ///
    /// @param renew true where the engine no longer knows the stored one
    /// @param fresh said to the engine with a registration
    /// @return true if the engine was told `fresh`
    public Established establish(boolean renew, String agentVersion, String bootId, Facts fresh)
            throws InterruptedException {
        Backoff backoff = contact.backoff();
        Signal never = new Signal();
        while (true) {
            try {
                return tryOnce(renew, agentVersion, bootId, fresh);
            } catch (EngineUnreachableException e) {
                contact.unanswered(e);
            } catch (EngineRefusalException e) {
                contact.answered();
                trouble("the engine refuses to register this machine: " + e.getMessage());
            } catch (IOException | ProtocolException e) {
                trouble("this machine can't register: " + e.getMessage());
            }
            never.await(backoff.next());
        }
    }

    /// @param registered what the engine calls this machine
    /// @param toldFacts whether the engine has the facts already
    public record Established(Registered registered, boolean toldFacts) {}

    private Established tryOnce(boolean renew, String version, String bootId, Facts facts)
            throws IOException {
        Identity stored = read();
        String token = place.bootToken();
        if (stored != null && token != null && !stored.bootTokenDigest().equals(digest(token))) {
            stored = null;
        }
        Registered known = stored == null ? null : stored.registered();
        if (stored != null && known != null && !renew) {
            engine.identify(known.machineId(), stored.credential());
            return new Established(known, false);
        }
        if (token == null) {
            throw new IOException("there is no boot token");
        }
        Identity identity = stored;
        if (identity == null) {
            identity = new Identity(credential(), digest(token), null);
            place.write(ProtocolJson.write(identity));
        }
        Registered registered =
                engine.register(new Register(token, identity.credential(), version, bootId, facts));
        contact.answered();
        place.write(
                ProtocolJson.write(
                        new Identity(
                                identity.credential(),
                                identity.bootTokenDigest(),
                                registered.withoutEngines())));
        engine.identify(registered.machineId(), identity.credential());
        LOG.log(
                Level.INFO,
                "registered as {0} ({1})",
                registered.machineName(),
                registered.machineId());
        return new Established(registered, true);
    }

    private @Nullable Identity read() throws IOException {
        byte[] stored = place.read();
        return stored == null ? null : ProtocolJson.read(stored, Identity.class);
    }

    private String credential() {
        byte[] random = randomBytes.get();
        if (random.length != CREDENTIAL_BYTES) {
            throw new IllegalStateException("a credential has 256 random bits");
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    private void trouble(String what) {
        if (!Objects.equals(lastTrouble, what)) {
            lastTrouble = what;
            LOG.log(Level.WARNING, "{0}; trying until it works", what);
        }
    }

    private static String digest(String token) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
