package dev.formwork.provider.openstack.config;

import dev.formwork.provider.openstack.api.Access;

import java.nio.file.Path;
import java.util.Optional;

/// One cloud, as it is configured.
///
/// @param caCertificates with which its services are checked, instead of those that Java trusts
public record Cloud(Access access, Optional<Path> caCertificates) {}
