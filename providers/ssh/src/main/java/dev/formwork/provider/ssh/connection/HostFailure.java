package dev.formwork.provider.ssh.connection;

import com.jcraft.jsch.HostKey;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchAlgoNegoFailException;
import com.jcraft.jsch.JSchChangedHostKeyException;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.JSchRevokedHostKeyException;
import com.jcraft.jsch.JSchUnknownHostKeyException;
import com.jcraft.jsch.Session;

import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.ssh.inventory.Host;

import org.jspecify.annotations.Nullable;

import java.net.SocketTimeoutException;
import java.nio.file.Path;

/// Why a host cannot be reached: which one it is, for it may be one that lies between.
final class HostFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Host host;
    private final transient Path known;
    private final transient @Nullable Session session;

    HostFailure(Host host, Path known, @Nullable Session session, Throwable cause) {
        super(cause);
        this.host = host;
        this.known = known;
        this.session = session;
    }

    /// In the provider's codes.
    ProblemException told() {
        Throwable cause = getCause();
        String at = "host %s (%s@%s)".formatted(host, host.user(), host.knownAs());
        return switch (cause) {
            case JSchUnknownHostKeyException _ ->
                    problem(
                            "ssh.unknown-host-key",
                            "%s shows key %s, which %s does not know"
                                    .formatted(at, fingerprint(), known),
                            "compare the fingerprint with the host's, then: ssh-keyscan -p %d %s"
                                            .formatted(host.port(), host.address())
                                    + " >> "
                                    + known);
            case JSchRevokedHostKeyException _ ->
                    problem(
                            "ssh.host-key-revoked",
                            "%s shows key %s, which is revoked in %s"
                                    .formatted(at, fingerprint(), known),
                            "give the host a new key");
            case JSchChangedHostKeyException _ ->
                    problem(
                            "ssh.host-key-changed",
                            "%s shows key %s, and %s knows another one"
                                    .formatted(at, fingerprint(), known),
                            "somebody may be between; where the host was made anew: ssh-keygen -R '"
                                    + host.knownAs()
                                    + "' -f "
                                    + known);
            case Keys.BadKeyException bad ->
                    ProviderCode.CREDENTIALS.problem(
                            "%s: %s".formatted(at, bad.getMessage()), "see the key", bad);
            case JSchAlgoNegoFailException failed ->
                    problem(
                            "ssh.protocol",
                            "%s: no algorithm in common: %s"
                                    .formatted(
                                            at,
                                            Names.abbreviate(String.valueOf(failed.getMessage()))),
                            "update the host's sshd");
            case null -> ProviderCode.UNAVAILABLE.problem(at + " cannot be reached", null);
            default -> byMessage(at, cause);
        };
    }

    private static ProblemException byMessage(String at, Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        if (message.startsWith("Auth ") || message.contains("authentication failures")) {
            return credentials(at, cause);
        }
        if (message.contains("invalid server's version") || message.contains("invalid protocol")) {
            return problem(
                    "ssh.protocol",
                    "%s speaks no SSH that we know: %s".formatted(at, Names.abbreviate(message)),
                    "see what listens there");
        }
        if (isTimeout(cause) || message.contains("timeout")) {
            return ProviderCode.TIMEOUT.problem(
                    at + " did not answer in time", "see whether it is up", cause);
        }
        return ProviderCode.UNAVAILABLE.problem(
                "%s cannot be reached: %s".formatted(at, Names.abbreviate(message)),
                "see whether it is up; where it is gone for good, take it out of the inventory",
                cause);
    }

    private static boolean isTimeout(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return true;
            }
        }
        return false;
    }

    private static ProblemException credentials(String at, Throwable cause) {
        return ProviderCode.CREDENTIALS.problem(
                at + " lets nobody in with our keys",
                "put a public key into its authorized_keys; keys come from the setting keys, the"
                        + " host's key, and the ssh-agent",
                cause);
    }

    private static ProblemException problem(String code, String detail, String hint) {
        return ProblemException.of(code, detail, hint);
    }

    private String fingerprint() {
        Session shown = session;
        HostKey key = shown == null ? null : shown.getHostKey();
        if (key == null) {
            return "unknown";
        }
        try {
            return "%s %s".formatted(key.getType(), key.getFingerPrint(new JSch()));
        } catch (RuntimeException unreadable) {
            return key.getType();
        }
    }

    static HostFailure lost(Host host, Path known, JSchException cause) {
        return new HostFailure(host, known, null, cause);
    }
}
