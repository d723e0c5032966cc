/// Machines that are servers of an OpenStack cloud.
///
/// `OpenStackInstances` makes, finds and removes them, by the services of
/// [dev.formwork.provider.openstack.api]; `Mark` is what is put on all that is made for one, and
/// `Sighting` what is seen of one: servers, ports, floating addresses. Where the cloud is comes
/// from [dev.formwork.provider.openstack.config]. docs/providers.md says what is left in the
/// project, and docs/decisions/0015 how there is one server for each token though Nova knows no
/// such thing.
@NullMarked
package dev.formwork.provider.openstack;

import org.jspecify.annotations.NullMarked;
