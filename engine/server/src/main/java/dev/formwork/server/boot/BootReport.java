package dev.formwork.server.boot;

import dev.formwork.boot.lease.Observation;
import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;

import java.util.Optional;
import java.util.regex.Pattern;

/// What a boot server has seen on a network, or that a machine boots nothing: `BootReport` of the
/// API. Subject and detail may hold text of machines.
///
/// @param server which boot server: its host's name
/// @param over what was seen is no more; false where it is left out
record BootReport(
        String server, String code, String subject, String detail, Optional<Boolean> over) {
    private static final Pattern CODE = Pattern.compile("[a-z]{1,20}\\.[a-z-]{1,40}");
    private static final int LONGEST = 500;

    static BootReport of(Observation seen, String server) {
        return new BootReport(
                server,
                seen.code(),
                shown(seen.subject()),
                shown(seen.detail()),
                seen.isOver() ? Optional.of(true) : Optional.empty());
    }

    /// As it may be kept and shown.
    ///
    /// @throws ProblemException `request.malformed`
    BootReport checked() {
        if (!CODE.matcher(code).matches()) {
            throw ProblemException.of(
                    "request.malformed",
                    "nothing that a boot server sees: " + Names.abbreviate(code),
                    "docs/netboot.md lists it");
        }
        return new BootReport(Names.abbreviate(server), code, shown(subject), shown(detail), over);
    }

    boolean ends() {
        return over.orElse(false);
    }

    private static String shown(String text) {
        String start = text.length() <= LONGEST ? text : text.substring(0, LONGEST - 3) + "...";
        return start.replaceAll("[^ -~]", "?");
    }
}
