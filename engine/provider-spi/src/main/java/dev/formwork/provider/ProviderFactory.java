package dev.formwork.provider;

/// Opens providers of one type. Found by [java.util.ServiceLoader]: a provider's jar names its
/// factory in `META-INF/services/dev.formwork.provider.ProviderFactory`, and the factory has a
/// public constructor without parameters.
public interface ProviderFactory {
    /// What a configuration calls this kind of provider: `local`, `aws`, `redfish`. A DNS label,
    /// unique among the factories that are loaded.
    String type();

    /// Checks the configuration and opens a provider. Contacts nothing that may be down: a provider
    /// whose cloud does not answer opens, and its operations fail until it does.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.invalid-config` with everything that
    ///   is wrong with the configuration, or a code of the provider's own where the host lacks what
    ///   it needs
    Provider open(ProviderContext context);
}
