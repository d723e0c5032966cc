/// Machines that are instances of Google Compute Engine.
///
/// What is asked of the place is in [Compute], and what it answers is understood in [Refusals] and
/// [Operations]; [Marks] is how an instance says whose it is, [Draft] what an instance is made of.
@NullMarked
package dev.formwork.provider.gce;

import org.jspecify.annotations.NullMarked;
