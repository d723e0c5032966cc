/// Addresses as the wire knows them: IPv4, hardware, octets.
@NullMarked
package dev.formwork.boot.address;

import org.jspecify.annotations.NullMarked;
