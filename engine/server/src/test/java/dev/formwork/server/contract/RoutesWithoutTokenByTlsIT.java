package dev.formwork.server.contract;

import dev.formwork.server.TestEngine;
import dev.formwork.server.tls.Trust;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/// The same through the door for other hosts.
class RoutesWithoutTokenByTlsIT extends RoutesWithoutTokenIT {
    private Optional<Path> data = Optional.empty();

    @Override
    TestEngine open(Path folder) throws IOException {
        data = Optional.of(folder);
        return TestEngine.startByTls(folder);
    }

    @Override
    Socket connect(URI uri) throws IOException {
        return Trust.inFile(data.orElseThrow().resolve("ca.pem"))
                .getSocketFactory()
                .createSocket(uri.getHost(), uri.getPort());
    }
}
