package dev.formwork.workflow.result;

import dev.formwork.model.module.InputSpec;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.Module;
import dev.formwork.model.value.Value;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// Makes [Fingerprint]s. Summaries, versions and documentation do not enter, so mending a typo
/// reruns nothing. Thread-safe if the MAC is.
public final class Fingerprinter {
    private final UnaryOperator<byte[]> mac;

    /// @param mac a keyed MAC, such as HMAC-SHA-256 under the engine's key: a value that holds a
    ///   secret enters by it, so that a fingerprint can't be used to guess the secret
    public Fingerprinter(UnaryOperator<byte[]> mac) {
        this.mac = mac;
    }

    /// @param inputs may be only those that are known so far
    public Fingerprint of(LoadedModule module, Value.Struct inputs) {
        Module definition = module.module();
        TreeMap<String, String> digests = new TreeMap<>();
        inputs.fields()
                .forEach((name, value) -> {
                    InputSpec input = definition.inputs().get(name);
                    if (input == null || !input.ignoreOnChange()) {
                        digests.put(name, digest(value));
                    }
                });
        return new Fingerprint(code(module), digests);
    }

    private static String code(LoadedModule module) {
        MessageDigest digest = sha256();
        digest.update(module.codeDigest().getBytes(StandardCharsets.UTF_8));
        module.module()
                .inputs()
                .forEach((name, input) -> {
                    digest.update(canonical(Value.of(name)));
                    digest.update(canonical(input.schema()));
                });
        module.module()
                .outputs()
                .forEach((name, output) -> {
                    digest.update(canonical(Value.of(name)));
                    digest.update(canonical(output.schema()));
                });
        return HexFormat.of().formatHex(digest.digest());
    }

    private String digest(Value value) {
        byte[] bytes = canonical(value);
        return value.holdsSecret()
                ? "mac:" + HexFormat.of().formatHex(mac.apply(bytes))
                : HexFormat.of().formatHex(sha256().digest(bytes));
    }

    /// One byte string for one value: kinds are tagged, lengths written, keys sorted. That a value
    /// is secret does not change its bytes.
    private static byte[] canonical(Value value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            write(value, out);
        } catch (IOException e) {
            throw new UncheckedIOException("a byte array does not fail", e);
        }
        return bytes.toByteArray();
    }

    private static void write(Value value, DataOutputStream out) throws IOException {
        switch (value) {
            case Value.Null _ -> out.writeByte('n');
            case Value.Bool(boolean bool) -> out.writeByte(bool ? 't' : 'f');
            case Value.Int(long number) -> {
                out.writeByte('i');
                out.writeLong(number);
            }
            case Value.Real(double number) -> {
                out.writeByte('r');
                out.writeDouble(number);
            }
            case Value.Text(String text) -> {
                out.writeByte('s');
                writeText(text, out);
            }
            case Value.Sequence(List<Value> items) -> {
                out.writeByte('l');
                out.writeInt(items.size());
                for (Value item : items) {
                    write(item, out);
                }
            }
            case Value.Struct(Map<String, Value> fields) -> {
                out.writeByte('m');
                out.writeInt(fields.size());
                for (Map.Entry<String, Value> field : new TreeMap<>(fields).entrySet()) {
                    writeText(field.getKey(), out);
                    write(field.getValue(), out);
                }
            }
            case Value.Secret(Value revealed) -> write(revealed, out);
        }
    }

    private static void writeText(String text, DataOutputStream out) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
