package dev.formwork.server;

import dev.formwork.model.JobId;
import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.workflow.engine.Identifiers;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.UnaryOperator;

/// New names, out of good randomness: 80 bits each, so that two engines never make the same.
final class Identities implements Identifiers {
    private final SecureRandom random = new SecureRandom();
    private final UnaryOperator<byte[]> mac;

    /// @param mac keyed by the engine's key
    Identities(UnaryOperator<byte[]> mac) {
        this.mac = mac;
    }

    @Override
    public RunId run() {
        return new RunId("r-" + fresh());
    }

    @Override
    public JobId job() {
        return new JobId("j-" + fresh());
    }

    @Override
    public MachineId machine() {
        return new MachineId("m-" + fresh());
    }

    static MachineId freshMachine() {
        return new Identities(bytes -> bytes).machine();
    }

    @Override
    public String bootToken() {
        byte[] bits = new byte[32];
        random.nextBytes(bits);
        return encode(bits);
    }

    @Override
    public String bootToken(MachineId machine) {
        byte[] name = ("boot-token " + machine.value()).getBytes(StandardCharsets.UTF_8);
        return encode(mac.apply(name));
    }

    private String fresh() {
        byte[] bits = new byte[10];
        random.nextBytes(bits);
        return HexFormat.of().formatHex(bits);
    }

    private static String encode(byte[] bits) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    }
}
