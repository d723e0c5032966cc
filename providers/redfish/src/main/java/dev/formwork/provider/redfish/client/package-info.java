/// A client of Redfish services (DMTF DSP0266): sessions, links, pages, tasks, errors. It knows
/// nothing of machines; what a service answers is hostile until it was read.
@NullMarked
package dev.formwork.provider.redfish.client;

import org.jspecify.annotations.NullMarked;
