package dev.formwork.provider.openstack;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.Console;
import dev.formwork.provider.ConsoleText;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.openstack.api.Server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// What servers print, as Nova shows it: the text that it keeps, which is the end of all that was
/// printed, without control characters. Offsets count in that text.
final class OpenStackConsole implements Console {
    private final OpenStackPlace place;

    OpenStackConsole(OpenStackPlace place) {
        this.place = place;
    }

    @Override
    public ConsoleText read(InstanceRef ref, long offset, int most) {
        place.begin();
        Server server = place.require(ref);
        byte[] all = text(server).getBytes(StandardCharsets.UTF_8);
        int from = (int) Math.min(offset, all.length);
        int length = Math.min(most, all.length - from);
        return new ConsoleText(from, ByteBuffer.wrap(all, from, length).slice());
    }

    private String text(Server server) {
        try {
            return place.retries().call(() -> place.compute().console(server.id()));
        } catch (ProblemException failed) {
            if (failed.code().equals(ProviderCode.CONFLICT.code())) {
                return ""; // It has no console before it has a host.
            }
            throw failed;
        }
    }
}
