/// What providers share whose machines are nodes behind management controllers: which nodes there
/// are, who has which, and everything that does not depend on how a controller is spoken to. That
/// is what a [dev.formwork.provider.bmc.ManagementController] says.
///
/// A controller has hardly any place for whose its node is: so that is in the engine's store
/// ([dev.formwork.provider.ProviderRecords]), and, where the controller can hold a mark that others
/// see, there too.
@NullMarked
package dev.formwork.provider.bmc;

import org.jspecify.annotations.NullMarked;
