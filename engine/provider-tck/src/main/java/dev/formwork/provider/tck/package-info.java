/// The contract that every provider has to pass, as tests that a provider's own tests inherit.
///
/// A provider's `*ContractTest` implements [dev.formwork.provider.tck.InstanceLifecycleContract]
/// (and the other contracts, for the capabilities it offers), and hands each test a
/// [dev.formwork.provider.tck.ProviderBench]: the place that machines come from, which outlives the
/// providers that are opened on it. Where a place cannot keep a promise the bench names it as a
/// deviation, with the reason, and the kit checks that it is one; no test is skipped.
///
/// [dev.formwork.provider.tck.InMemoryCloud] is a real provider without a host, for the tests of
/// whoever uses providers; [dev.formwork.provider.tck.BrokenProvider] fails on command.
@NullMarked
package dev.formwork.provider.tck;

import org.jspecify.annotations.NullMarked;
