/// Machines that boot from the network: what each is to boot, and which of them gets the token to
/// register with; and the boot server that runs in the engine's process.
@NullMarked
package dev.formwork.server.boot;

import org.jspecify.annotations.NullMarked;
