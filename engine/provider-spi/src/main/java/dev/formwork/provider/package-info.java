/// What a provider of machines implements: to make, find, power and remove them.
///
/// A [dev.formwork.provider.ProviderFactory] is found by `ServiceLoader` and opens a
/// [dev.formwork.provider.Provider], which offers what it can as small interfaces, one per
/// [dev.formwork.provider.Capability], and refuses the rest with `provider.unsupported`. Every
/// operation that changes something takes an [dev.formwork.provider.OperationToken] and is
/// idempotent under it: the engine may crash at any instant, and then asks again. The kit in
/// `engine/provider-tck` holds every provider to what is written here; docs/providers.md is the
/// guide for who writes one.
@NullMarked
package dev.formwork.provider;

import org.jspecify.annotations.NullMarked;
