/// Nodes behind controllers that speak IPMI 2.0 over a network (RMCP+), as machines.
///
/// The protocol is spoken by `ipmitool`, a process for each command: it has met more controllers
/// than anything that we could write (docs/decisions/0016-ipmi-by-ipmitool.md). What differs
/// between vendors is in [dev.formwork.provider.ipmi.Quirks], and nowhere else.
@NullMarked
package dev.formwork.provider.ipmi;

import org.jspecify.annotations.NullMarked;
