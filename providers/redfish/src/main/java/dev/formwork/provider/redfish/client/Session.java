package dev.formwork.provider.redfish.client;

import dev.formwork.provider.ProviderCode;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// By what a service knows us: a session that is created with the first call and renewed when it is
/// over, or, at a service without sessions or with no room for one more, user and password with
/// every call. Thread-safe: threads that find the session over at once renew it once.
final class Session {
    /// The header that says who we are.
    ///
    /// @param header `X-Auth-Token` or `Authorization`
    record Proof(String header, String value) {
        @Override
        public String toString() {
            return header + ": ***";
        }
    }

    /// A new session.
    ///
    /// @param proof by which calls belong to it
    /// @param link of the session, by which it is ended; empty for what is none
    record Opened(Proof proof, Optional<Link> link) {}

    private final Credentials credentials;
    private final Function<Map<String, String>, Optional<Opened>> create;
    private @Nullable Opened opened;
    private boolean closed;

    /// @param create asks for a session, with the body of the request; empty where the service
    ///   gives none, but not because of the credentials
    Session(Credentials credentials, Function<Map<String, String>, Optional<Opened>> create) {
        this.credentials = credentials;
        this.create = create;
    }

    synchronized Proof proof() {
        if (closed) {
            throw ProviderCode.CLOSED.problem("the session was closed", null);
        }
        Opened now = opened;
        if (now == null) {
            now =
                    create.apply(
                                    Map.of(
                                            "UserName",
                                            credentials.user(),
                                            "Password",
                                            credentials.password().get()))
                            .orElseGet(this::basic);
            opened = now;
        }
        return now.proof();
    }

    private Opened basic() {
        return new Opened(new Proof("Authorization", credentials.basic()), Optional.empty());
    }

    /// Called when the service does not know a proof any more.
    ///
    /// @return whether asking with [#proof] once more may help
    synchronized boolean isOver(Proof refused) {
        Opened now = opened;
        if (now == null || !now.proof().equals(refused)) {
            return true;
        }
        if (now.link().isEmpty() && refused.header().equals("Authorization")) {
            return false;
        }
        opened = null;
        return true;
    }

    /// No more calls.
    ///
    /// @return the session that is to be ended at the service
    synchronized Optional<Opened> close() {
        closed = true;
        Opened last = opened;
        opened = null;
        return Optional.ofNullable(last).filter(each -> each.link().isPresent());
    }
}
