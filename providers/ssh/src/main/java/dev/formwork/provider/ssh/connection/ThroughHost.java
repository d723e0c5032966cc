package dev.formwork.provider.ssh.connection;

import com.jcraft.jsch.ChannelDirectTCPIP;
import com.jcraft.jsch.Proxy;
import com.jcraft.jsch.Session;
import com.jcraft.jsch.SocketFactory;

import org.jspecify.annotations.Nullable;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/// The way through a jump host: a channel of its connection in place of a socket (RFC 4254, 7.2).
final class ThroughHost implements Proxy {
    private final Session between;
    private @Nullable ChannelDirectTCPIP channel;
    private @Nullable InputStream in;
    private @Nullable OutputStream out;

    ThroughHost(Session between) {
        this.between = between;
    }

    @Override
    public void connect(@Nullable SocketFactory unused, String host, int port, int timeoutMillis)
            throws Exception {
        ChannelDirectTCPIP opened = (ChannelDirectTCPIP) between.openChannel("direct-tcpip");
        opened.setHost(host);
        opened.setPort(port);
        in = opened.getInputStream();
        out = opened.getOutputStream();
        channel = opened;
        opened.connect(timeoutMillis);
    }

    @Override
    public @Nullable InputStream getInputStream() {
        return in;
    }

    @Override
    public @Nullable OutputStream getOutputStream() {
        return out;
    }

    @Override
    public @Nullable Socket getSocket() {
        return null;
    }

    @Override
    public void close() {
        ChannelDirectTCPIP opened = channel;
        if (opened != null) {
            opened.disconnect();
        }
    }
}
