package dev.formwork.provider.openstack.api;

import dev.formwork.model.value.Value;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/// Where a cloud is, and as whom it is called.
///
/// @param authUrl of Keystone, without the version
/// @param region whose endpoints are used; empty where the cloud has but one
/// @param face which of a service's endpoints: `public`, `internal` or `admin`
/// @param endpoints of services, instead of those in the catalog
public record Access(
        URI authUrl,
        Identity identity,
        Scope scope,
        Optional<String> region,
        String face,
        Map<Service, URI> endpoints) {

    public Access {
        endpoints = Map.copyOf(endpoints);
    }

    /// How Keystone is told who asks (`identity` in its API).
    public sealed interface Identity {
        /// A user with a password.
        record Password(Named user, Named domain, Value.Secret password) implements Identity {}

        /// What a user made for programs; it knows its project by itself.
        ///
        /// @param user of the credential, where it is said by name
        record ApplicationCredential(
                Named credential, Optional<Named> user, Named domain, Value.Secret secret)
                implements Identity {}

        /// A token that somebody else got. It cannot be renewed.
        record Token(Value.Secret token) implements Identity {}
    }

    /// What a token is to be good for.
    public sealed interface Scope {
        record Project(Named project, Named domain) implements Scope {}

        /// The identity says it.
        record Inherent() implements Scope {}
    }

    /// Something by its id, or else by its name.
    ///
    /// @param key `id` or `name`
    public record Named(String key, String value) {
        public static Named id(String id) {
            return new Named("id", id);
        }

        public static Named name(String name) {
            return new Named("name", name);
        }
    }
}
