package dev.formwork.provider.redfish.client;

import dev.formwork.model.Names;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;

/// Where something is at a service: a path, with a query perhaps, and never another host. What a
/// service says of where things are is hostile: it could send us, and our credentials, anywhere.
///
/// @param path as it is sent, beginning with one `/`
public record Link(String path) {
    private static final int LONGEST = 1024;

    public Link {
        if (!path.startsWith("/") || path.startsWith("//") || path.length() > LONGEST) {
            throw foreign(path);
        }
        URI parsed = parse(path);
        if (parsed.getRawAuthority() != null || parsed.getScheme() != null) {
            throw foreign(path);
        }
    }

    /// What a resource points to: a path, or a URI at the very service. A fragment, which points
    /// into the resource, is cut off.
    ///
    /// @throws dev.formwork.model.ProblemException `redfish.protocol` where it leads elsewhere
    static Link of(String text, URI service) {
        URI uri = parse(text);
        boolean isPath = uri.getScheme() == null && uri.getRawAuthority() == null;
        boolean isElsewhere =
                !isPath
                        && !(Objects.equals(uri.getScheme(), service.getScheme())
                                && Objects.equals(
                                        uri.getRawAuthority(), service.getRawAuthority()));
        if (isElsewhere || uri.isOpaque()) {
            throw foreign(text);
        }
        return pathOf(uri, text);
    }

    /// What a `Location` says. Services put the host into it by which they know themselves, which
    /// is not always ours; only its path is used, at the service that we speak with.
    static Link ofLocation(String text) {
        return pathOf(parse(text), text);
    }

    private static Link pathOf(URI uri, String text) {
        String path = uri.getRawPath();
        if (path == null || path.isEmpty()) {
            throw foreign(text);
        }
        String query = uri.getRawQuery();
        return new Link(query == null ? path : path + "?" + query);
    }

    private static URI parse(String text) {
        if (text.length() > LONGEST) {
            throw foreign(text);
        }
        try {
            return new URI(text);
        } catch (URISyntaxException notOne) {
            throw foreign(text);
        }
    }

    private static RuntimeException foreign(String text) {
        return RedfishCode.PROTOCOL.problem(
                "the service points to what is not its own: " + Names.abbreviate(text),
                "only links to the service itself are followed");
    }

    /// The last part of the path, which is the id of what is there by convention.
    public String name() {
        String plain = URI.create(path).getPath();
        String cut = plain.endsWith("/") ? plain.substring(0, plain.length() - 1) : plain;
        return cut.substring(cut.lastIndexOf('/') + 1);
    }

    /// Below this one.
    public Link below(String rest) {
        return new Link(path.endsWith("/") ? path + rest : path + "/" + rest);
    }

    @Override
    public String toString() {
        return path;
    }
}
