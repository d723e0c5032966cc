package dev.formwork.store.secret;

import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Seals values under one key: AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce. What is
/// sealed for one place does not open at another, so that no row can be given another row's secret.
/// The keys in use are derived from the one in the file (HKDF, RFC 5869): the same key never serves
/// two purposes.
///
/// Random nonces allow 2³² seals under one key (SP 800-38D, 8.3). Thread-safe.
public final class SecretSealer {
    /// What [#seal] writes begins with this, the format's version.
    private static final String FORMAT = "fw1";

    private static final int KEY_LENGTH = 32;
    private static final int NONCE_LENGTH = 12;
    private static final int TAG_BITS = 128;

    private final String keyId;
    private final SecretKey sealing;
    private final SecretKey macing;
    private final SecureRandom random;

    /// @param key 32 bytes
    public SecretSealer(byte[] key) {
        this(key, new SecureRandom());
    }

    SecretSealer(byte[] key, SecureRandom random) {
        if (key.length != KEY_LENGTH) {
            throw new IllegalArgumentException("a key has 32 bytes, not " + key.length);
        }
        this.keyId = HexFormat.of().formatHex(derive(key, "formwork key id 1", 4).getEncoded());
        this.sealing = derive(key, "formwork seal 1", KEY_LENGTH);
        this.macing = derive(key, "formwork mac 1", KEY_LENGTH);
        this.random = random;
    }

    /// Reads the key, 32 bytes; makes one at the first start, readable by its owner only.
    ///
    /// @throws ProblemException `store.bad-key` when there is a file that holds no key,
    ///   `store.unreadable` when it cannot be read or made
    public static SecretSealer fromFile(Path file) {
        return new SecretSealer(KeyFile.readOrCreate(file, KEY_LENGTH));
    }

    /// Names the key without telling it.
    public String keyId() {
        return keyId;
    }

    /// @param place where the value is going to be; [#open] wants the same
    /// @return `fw1.KEYID.BASE64URL`
    public String seal(byte[] plain, String place) {
        byte[] sealed = new byte[NONCE_LENGTH + plain.length + TAG_BITS / 8];
        byte[] nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        System.arraycopy(nonce, 0, sealed, 0, NONCE_LENGTH);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, nonce, place);
            cipher.doFinal(plain, 0, plain.length, sealed, NONCE_LENGTH);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
        return FORMAT
                + "."
                + keyId
                + "."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
    }

    /// @throws ProblemException `store.bad-key` when it was sealed under another key, for another
    ///   place, or was changed
    public byte[] open(String sealed, String place) {
        String[] parts = sealed.split("\\.", -1);
        if (parts.length != 3 || !parts[0].equals(FORMAT)) {
            throw bad("what is stored at " + place + " is in no known format", null);
        }
        if (!parts[1].equals(keyId)) {
            throw bad(
                    "what is stored was sealed under the key "
                            + Names.abbreviate(parts[1])
                            + ", and the key given is "
                            + keyId,
                    null);
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(parts[2]);
            if (bytes.length < NONCE_LENGTH) {
                throw bad("what is stored at " + place + " is cut short", null);
            }
            byte[] nonce = Arrays.copyOf(bytes, NONCE_LENGTH);
            return cipher(Cipher.DECRYPT_MODE, nonce, place)
                    .doFinal(bytes, NONCE_LENGTH, bytes.length - NONCE_LENGTH);
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw bad("what is stored at " + place + " was not sealed there, or was changed", e);
        }
    }

    /// HMAC-SHA-256 (RFC 2104) of `data`: tells whether two secrets are equal without telling them.
    public byte[] mac(byte[] data) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(macing);
            return mac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String place) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, sealing, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static SecretKey derive(byte[] key, String purpose, int length) {
        try {
            byte[] info = purpose.getBytes(StandardCharsets.UTF_8);
            return KDF.getInstance("HKDF-SHA256")
                    .deriveKey(
                            "AES",
                            HKDFParameterSpec.ofExtract()
                                    .addIKM(new SecretKeySpec(key, "HKDF"))
                                    .thenExpand(info, length));
        } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
            throw new IllegalStateException("Java 25 has HKDF-SHA256 (JEP 510)", e);
        }
    }

    private static ProblemException bad(String detail, @Nullable Throwable cause) {
        return new ProblemException(
                List.of(
                        Problem.of(
                                "store.bad-key",
                                detail,
                                "put back the secret.key that this store was made with")),
                cause);
    }
}
