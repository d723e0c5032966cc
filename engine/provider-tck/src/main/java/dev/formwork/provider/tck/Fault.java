package dev.formwork.provider.tck;

import dev.formwork.provider.ProviderCode;

import java.util.EnumSet;
import java.util.Set;

/// What can go wrong with one call to a place over HTTP.
public enum Fault {
    /// The connection is closed before anything was done.
    REFUSED,
    /// What was asked for is done, and the connection is closed without an answer.
    LOST_ANSWER,
    /// What was asked for is done, and the connection is closed in the middle of the answer.
    CUT_ANSWER,
    /// What was asked for is done, and no answer comes.
    STUCK,
    /// What was asked for is done, and the answer is another service's, or a proxy's.
    GARBAGE,
    /// The place asks to be asked less often, and does nothing.
    THROTTLED,
    /// The place says that it is out of order, and does nothing.
    OUT_OF_ORDER,
    /// The place does not accept the credentials, and does nothing.
    CREDENTIALS,
    /// A limit of the account is reached, and nothing is done.
    QUOTA;

    /// Those that the server answers by itself, in the words of no service.
    static Set<Fault> ofTheNetwork() {
        return EnumSet.of(REFUSED, LOST_ANSWER, CUT_ANSWER, STUCK, GARBAGE);
    }

    /// Whether it is over when it happens once: the provider asks again, and nobody notices.
    boolean isHiccup() {
        return codes().stream().allMatch(ProviderCode::isTransient);
    }

    boolean isSaidBy(String code) {
        return codes().stream().anyMatch(each -> each.code().equals(code));
    }

    /// What a provider may say it with, where it lasts.
    Set<ProviderCode> codes() {
        return switch (this) {
            case REFUSED, LOST_ANSWER, CUT_ANSWER ->
                    Set.of(ProviderCode.UNAVAILABLE, ProviderCode.TIMEOUT);
            case STUCK -> Set.of(ProviderCode.TIMEOUT);
            case GARBAGE, OUT_OF_ORDER -> Set.of(ProviderCode.UNAVAILABLE);
            case THROTTLED -> Set.of(ProviderCode.THROTTLED);
            case CREDENTIALS -> Set.of(ProviderCode.CREDENTIALS);
            case QUOTA -> Set.of(ProviderCode.QUOTA);
        };
    }
}
