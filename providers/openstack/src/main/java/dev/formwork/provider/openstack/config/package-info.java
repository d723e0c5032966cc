/// Where a cloud is and as whom it is called, from where OpenStack's own programs have it: the file
/// `clouds.yaml`, or the variables `OS_*`.
@NullMarked
package dev.formwork.provider.openstack.config;

import org.jspecify.annotations.NullMarked;
