/// DHCPv4 packets: what the octets mean, and back. No I/O.
@NullMarked
package dev.formwork.boot.dhcp;

import org.jspecify.annotations.NullMarked;
