package dev.formwork.provider.ipmi;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.bmc.Node;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;

/// Tells from what `ipmitool` says why a command came to nothing. Completion codes are those of the
/// IPMI 2.0 specification, table 5-2; the words are those of ipmitool's `completion_code_vals`.
final class IpmiFailure {
    private static final int LONGEST = 300;

    private record Reason(ProviderCode code, String hint, List<String> words) {}

    /// The first that fits counts.
    private static final List<Reason> REASONS =
            List.of(
                    new Reason(
                            ProviderCode.THROTTLED,
                            "the controller is busy",
                            List.of("node busy", "0xc0", "out of space")),
                    new Reason(
                            ProviderCode.CREDENTIALS,
                            "see user and password",
                            List.of(
                                    "rakp 2 hmac is invalid",
                                    "unauthorized name",
                                    "invalid user name",
                                    "rakp 4 message has invalid",
                                    "authentication type not supported")),
                    new Reason(
                            ProviderCode.CREDENTIALS,
                            "the user needs the privilege ADMINISTRATOR",
                            List.of(
                                    "insufficient privilege",
                                    "insufficient role",
                                    "unauthorized role")),
                    new Reason(
                            ProviderCode.CREDENTIALS,
                            "give another cipher_suite: older controllers have 3",
                            List.of(
                                    "invalid authentication algorithm",
                                    "invalid integrity algorithm",
                                    "invalid confidentiality algorithm",
                                    "no cipher suite match")),
                    new Reason(
                            ProviderCode.THROTTLED,
                            "too many sessions are open there",
                            List.of(
                                    "insufficient resources for session",
                                    "insufficient resources to create a session")),
                    new Reason(
                            ProviderCode.UNAVAILABLE,
                            "see its address",
                            List.of("address lookup", "could not open socket")),
                    new Reason(
                            ProviderCode.CONFLICT,
                            "end it (`ipmitool sol deactivate`), or wait: only one has the console",
                            List.of("payload already active on another session")),
                    new Reason(
                            ProviderCode.UNSUPPORTED,
                            "switch it on: `ipmitool sol set enabled true`",
                            List.of("sol payload disabled")),
                    new Reason(
                            ProviderCode.UNSUPPORTED,
                            "this controller does not offer that",
                            List.of(
                                    "invalid command",
                                    "command not supported",
                                    "illegal parameter",
                                    "parameter not supported")),
                    new Reason(
                            ProviderCode.UNAVAILABLE,
                            "the controller does not do that at this moment",
                            List.of(
                                    "not supported in present state",
                                    "bmc initialization in progress",
                                    "sdr repository in update mode",
                                    "device in firmware update mode")),
                    new Reason(
                            ProviderCode.TIMEOUT,
                            "see that the controller answers there",
                            List.of(
                                    "unable to establish",
                                    "get auth capabilities error",
                                    "no response",
                                    "timeout",
                                    "unable to get")));

    private IpmiFailure() {}

    /// @param said by ipmitool, whatever it is
    static ProblemException of(Node node, List<String> command, String said) {
        String words = said.toLowerCase(Locale.ROOT);
        String detail =
                "node %s (%s) does not do %s: %s"
                        .formatted(
                                node, node.authority(), String.join(" ", command), shortened(said));
        @Nullable Reason reason = reason(words);
        return reason == null
                ? ProblemException.of("ipmi.failed", detail, "see the controller's own log")
                : reason.code().problem(detail, reason.hint());
    }

    private static @Nullable Reason reason(String words) {
        for (Reason each : REASONS) {
            if (each.words().stream().anyMatch(words::contains)) {
                return each;
            }
        }
        return null;
    }

    /// The last of it, on one line: the beginning is about how the session was made.
    private static String shortened(String said) {
        String line = said.strip().replaceAll("[\\p{Cntrl}\\s]+", " ");
        return line.length() > LONGEST ? "... " + line.substring(line.length() - LONGEST) : line;
    }

    /// What it printed is not what it prints.
    static ProblemException badAnswer(Node node, String command, String said) {
        return ProblemException.of(
                "ipmi.bad-answer",
                "ipmitool said of node %s, asked for %s: %s"
                        .formatted(node, command, shortened(said)),
                "is it another version of ipmitool?");
    }
}
