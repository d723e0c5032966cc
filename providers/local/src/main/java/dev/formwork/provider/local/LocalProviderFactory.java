package dev.formwork.provider.local;

import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.ProviderFactory;
import dev.formwork.provider.host.Progress;

/// Opens providers of type `local`: machines that are processes on the engine's own host.
///
/// Its configuration takes `directory`, where its machines are (default: the data directory that
/// the engine gives it; engines of one host that share a database share this too), `cache`, the
/// directory that its machines share (default: `cache` in that directory), and `grace_seconds`, how
/// long a process has between TERM and KILL (0 to 600, default 5). The spec of a group takes no
/// keys.
///
/// It needs Linux, and else refuses to open with `local.needs-linux`.
public final class LocalProviderFactory implements ProviderFactory {
    @Override
    public String type() {
        return "local";
    }

    @Override
    public Provider open(ProviderContext context) {
        return LocalProvider.open(context, System.getenv(), Progress::unlessInterrupted);
    }
}
