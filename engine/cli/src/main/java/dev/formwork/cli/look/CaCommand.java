package dev.formwork.cli.look;

import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.model.value.Value;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.util.Locale;
import java.util.concurrent.Callable;

/// `formwork ca`.
@Command(
        name = "ca",
        description =
                "Prints the certificate of the CA under which the engine speaks TLS, for"
                        + " --ca-file; and on standard error its fingerprint.")
public final class CaCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--fingerprint", description = "Prints the fingerprint (SHA-256) alone.")
    private boolean fingerprint;

    public CaCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Value.Struct ca = session.client().ca();
        if (session.document(ca)) {
            return ExitCode.OK;
        }
        String sha256 = grouped(text(ca, "sha256"));
        if (fingerprint) {
            session.print(sha256);
        } else {
            session.out().print(text(ca, "certificate"));
            session.out().flush();
            session.err().println("SHA-256 " + sha256 + ", until " + text(ca, "not_after"));
            session.err().flush();
        }
        return ExitCode.OK;
    }

    private static String text(Value.Struct ca, String field) {
        return ca.fields().get(field) instanceof Value.Text(String text) ? text : "";
    }

    /// As other programs write it, to be compared: `AB:CD:...`.
    private static String grouped(String hex) {
        return hex.toUpperCase(Locale.ROOT).replaceAll("..(?!$)", "$0:");
    }
}
