/// Machines behind management controllers that speak Redfish (DMTF DSP0266, DSP8010).
///
/// [dev.formwork.provider.redfish.RedfishController] is one controller; which machine has which
/// node is the matter of `providers/bmc`.
@NullMarked
package dev.formwork.provider.redfish;

import org.jspecify.annotations.NullMarked;
