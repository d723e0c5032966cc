package dev.formwork.server;

import dev.formwork.server.tls.ServerCertificate;
import dev.formwork.server.tls.TlsAddress;

import io.micronaut.context.ApplicationContext;
import io.micronaut.http.server.netty.NettyEmbeddedServer;
import io.micronaut.http.server.netty.NettyEmbeddedServerFactory;
import io.micronaut.http.server.netty.configuration.NettyHttpServerConfiguration;
import io.micronaut.http.server.netty.configuration.NettyHttpServerConfiguration.NettyListenerConfiguration;
import io.micronaut.http.ssl.CertificateProvider;
import io.micronaut.http.ssl.ServerSslConfiguration;
import io.micronaut.inject.qualifiers.Qualifiers;

import java.net.URI;
import java.util.List;

/// The door for other hosts: the same routes as on the loopback, by TLS. The web framework takes
/// each certificate that is issued, for the connections that come from then on.
final class TlsDoor implements AutoCloseable {
    private final NettyEmbeddedServer server;
    private final ServerCertificate certificate;
    private final TlsAddress address;

    private TlsDoor(NettyEmbeddedServer server, ServerCertificate certificate, TlsAddress address) {
        this.server = server;
        this.certificate = certificate;
        this.address = address;
    }

    /// Makes the certificate known, before the context starts.
    static void introduce(ApplicationContext context, ServerCertificate certificate) {
        context.registerSingleton(
                CertificateProvider.class, certificate, Qualifiers.byName(ServerCertificate.NAME));
    }

    static TlsDoor open(
            ApplicationContext context,
            TlsAddress address,
            int port,
            ServerCertificate certificate) {
        NettyHttpServerConfiguration http = new NettyHttpServerConfiguration();
        HttpDoor.limit(http);
        NettyListenerConfiguration listener = new NettyListenerConfiguration("tls");
        listener.setHost(address.host());
        listener.setPort(port);
        listener.setSsl(true);
        listener.setKeyName(ServerCertificate.NAME);
        http.setListeners(List.of(listener));
        ServerSslConfiguration ssl = new ServerSslConfiguration();
        ssl.setEnabled(true);
        ssl.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        NettyEmbeddedServer server =
                context.getBean(NettyEmbeddedServerFactory.class).build(http, ssl);
        server.start();
        return new TlsDoor(server, certificate, address);
    }

    /// Where other engines call.
    URI uri() {
        return address.url(server.getPort());
    }

    @Override
    public void close() {
        server.stopServerOnly();
        certificate.close();
    }
}
