package dev.formwork.provider.openstack.api;

import java.net.URI;

/// The services that this provider calls, beside Keystone.
public enum Service {
    COMPUTE("compute", "/v2.1", "/v2(\\.[01])?(/[A-Za-z0-9_-]+)?"),
    IMAGE("image", "/v2", "/v2(\\.[0-9]+)?"),
    NETWORK("network", "/v2.0", "/v2\\.0");

    private final String type;
    private final String version;
    private final String versioned;

    Service(String type, String version, String versioned) {
        this.type = type;
        this.version = version;
        this.versioned = ".*" + versioned;
    }

    /// What the catalog calls it.
    boolean isOfType(String type) {
        return this.type.equals(type);
    }

    /// The start of every path of the API, from what a catalog says: some name the version, some
    /// the project too, and some neither.
    URI root(URI endpoint) {
        String text = endpoint.toString().replaceAll("/+$", "");
        return URI.create(text.matches(versioned) ? text : text + version);
    }

    @Override
    public String toString() {
        return type;
    }
}
