/// Nodes with IPMI controllers, by OpenIPMI's own simulator.
@NullMarked
package dev.formwork.testkit.ipmi;

import org.jspecify.annotations.NullMarked;
