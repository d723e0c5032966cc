package dev.formwork.agent.transport;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/// What counts as the address of an engine, whoever says it.
public final class EngineUrl {
    private static final int LONGEST = 2000;
    private static final int HIGHEST_PORT = 65_535;

    private EngineUrl() {}

    /// The URL without slashes at its end, so that equal ones are equal; empty where the text is
    /// not an `http` or `https` URL with a host, or says more than where: a user, a query, a
    /// fragment.
    public static Optional<URI> parse(String text) {
        String bare = text.strip().replaceAll("/+$", "");
        if (bare.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            URI url = new URI(bare);
            String scheme = String.valueOf(url.getScheme());
            boolean fits =
                    (scheme.equals("http") || scheme.equals("https"))
                            && url.getHost() != null
                            && url.getPort() <= HIGHEST_PORT
                            && url.getUserInfo() == null
                            && url.getQuery() == null
                            && url.getFragment() == null;
            return fits ? Optional.of(url) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /// Whether what is said there is said to the engine alone.
    static boolean isSecure(URI url) {
        return "https".equals(url.getScheme());
    }
}
