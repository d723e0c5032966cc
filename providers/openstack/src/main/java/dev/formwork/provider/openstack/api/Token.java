package dev.formwork.provider.openstack.api;

import java.time.Duration;
import java.time.Instant;

/// What Keystone gave: with it the services are called.
record Token(String secret, Instant issuedAt, Instant expiresAt, Catalog catalog) {
    private static final Duration MARGIN = Duration.ofMinutes(5);

    /// Whether it is time for another: some minutes before its end, or with less than a tenth of a
    /// short life left.
    boolean isStale(Instant now) {
        Duration tenth = Duration.between(issuedAt, expiresAt).dividedBy(10);
        Duration margin = tenth.compareTo(MARGIN) < 0 ? tenth : MARGIN;
        return !now.isBefore(expiresAt.minus(margin));
    }

    @Override
    public String toString() {
        return "token until " + expiresAt;
    }
}
