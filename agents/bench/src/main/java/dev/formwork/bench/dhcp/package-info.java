/// How many exchanges a DHCP server makes in a second, ours and others, with `perfdhcp`.
@NullMarked
package dev.formwork.bench.dhcp;

import org.jspecify.annotations.NullMarked;
