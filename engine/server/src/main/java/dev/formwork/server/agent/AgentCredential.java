package dev.formwork.server.agent;

import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;
import dev.formwork.server.security.BearerToken;
import dev.formwork.workflow.engine.Credential;
import dev.formwork.workflow.engine.Secrets;

import io.micronaut.http.HttpRequest;

/// Reads who an agent says it is: `Authorization: Bearer MACHINE.CREDENTIAL`. The core decides
/// whether it is true.
final class AgentCredential {
    /// With this the core refuses a token or credential that is no machine's.
    static final String UNKNOWN = "agent.unauthorized";

    private static final String HINT =
            "send Authorization: Bearer <machine-id>.<credential>, as registered";

    private AgentCredential() {}

    /// @throws ProblemException `agent.unauthorized`
    static Credential of(HttpRequest<?> request) {
        String token = BearerToken.of(request).orElseThrow(AgentCredential::unauthorized);
        int dot = token.indexOf('.');
        if (dot < 1 || dot == token.length() - 1) {
            throw unauthorized();
        }
        try {
            return new Credential(
                    new MachineId(token.substring(0, dot)), Secrets.hash(token.substring(dot + 1)));
        } catch (ProblemException _) {
            throw unauthorized();
        }
    }

    static ProblemException unauthorized() {
        return ProblemException.of(UNKNOWN, "this is no credential of a machine's agent", HINT);
    }
}
