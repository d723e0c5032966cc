/// The OpenStack services as this provider calls them: Keystone v3 for tokens and the catalog,
/// Nova, Glance and Neutron. Requests are built and answers read here; what they are for is decided
/// by the callers.
///
/// What is said of each service comes from its API reference (docs.openstack.org/api-ref).
@NullMarked
package dev.formwork.provider.openstack.api;

import org.jspecify.annotations.NullMarked;
