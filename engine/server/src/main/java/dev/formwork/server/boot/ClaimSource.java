package dev.formwork.server.boot;

import dev.formwork.boot.address.Octets;
import dev.formwork.boot.content.Content;
import dev.formwork.boot.content.ContentSource;
import dev.formwork.boot.script.MachineIdentity;
import dev.formwork.model.ProblemException;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the container OS asks for when it has booted: who the engines are, and the token to
/// register with (docs/container-os.md).
final class ClaimSource implements ContentSource {
    static final String PATH = "boot/claim";

    private static final Pattern NONCE = Pattern.compile("(?:^|&)nonce=([0-9a-f]{32})(?:&|$)");

    private final EngineAsked engine;
    private final List<String> engines;

    /// @param engines where machines find them; empty for what the engine says
    ClaimSource(EngineAsked engine, List<String> engines) {
        this.engine = engine;
        this.engines = List.copyOf(engines);
    }

    @Override
    public Optional<Content> find(Asked asked) {
        if (!asked.path().equals(PATH)) {
            return Optional.empty();
        }
        Matcher nonce = NONCE.matcher(asked.query());
        if (!nonce.find()) {
            throw ProblemException.of(
                    "boot.no-nonce",
                    "a machine asks for its token with a nonce that its boot has made up",
                    "is the image older than this engine?");
        }
        BootDesk.Grant grant = engine.claim(MachineIdentity.parse(asked.query()), nonce.group(1));
        return Optional.of(new Content.Rendered(Octets.ofText(answer(grant))));
    }

    private String answer(BootDesk.Grant grant) {
        if (engines.isEmpty() && grant.engines().isEmpty()) {
            throw ProblemException.of(
                    "boot.no-engine",
                    "the engine listens on its own host only",
                    "start it with --agents ADDRESS, or name `engines` in the boot server's file");
        }
        StringBuilder answer = new StringBuilder("formwork-boot 1\n");
        for (String each : engines.isEmpty() ? grant.engines() : engines) {
            answer.append("engine ").append(each).append('\n');
        }
        answer.append("token ").append(grant.token()).append('\n');
        answer.append("hostname ").append(grant.name()).append('\n');
        grant.cards()
                .forEach(card ->
                        answer.append("card ")
                                .append(card.mac())
                                .append(' ')
                                .append(card.address())
                                .append('\n'));
        grant.certificates().ifPresent(answer::append);
        return answer.toString();
    }
}
