/// Who has which address: the DHCP server as a stepped machine, and the book that keeps its leases.
@NullMarked
package dev.formwork.boot.lease;

import org.jspecify.annotations.NullMarked;
