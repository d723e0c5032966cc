/// [ComputeServer] speaks the API of Compute Engine, [ApiModel] holds both sides to what Google
/// publishes of it.
@NullMarked
package dev.formwork.provider.gce;

import org.jspecify.annotations.NullMarked;
