package dev.formwork.provider.aws;

import dev.formwork.provider.AgentInstall;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.ProviderCode;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// What an instance runs when it first boots, by cloud-init: it brings the agent.
record UserData(AgentInstall install) {
    /// Of EC2, before it is encoded ("Run commands when you launch an EC2 instance with user data
    /// input").
    static final int MOST_BYTES = 16 * 1024;

    /// As EC2 takes it.
    ///
    /// @param java the path of a Java 25 on the image
    /// @throws dev.formwork.model.ProblemException `agent.no-engine-url`; `provider.invalid-spec`
    ///   where it is too long
    String encoded(InstanceRequest request, Optional<String> java) {
        byte[] script = install.script(request, java).getBytes(StandardCharsets.UTF_8);
        if (script.length > MOST_BYTES) {
            throw ProviderCode.INVALID_SPEC.problem(
                    "the user data of machine %s would be %d bytes"
                            .formatted(request.machine(), script.length),
                    "EC2 takes %d at most".formatted(MOST_BYTES));
        }
        return Base64.getEncoder().encodeToString(script);
    }
}
