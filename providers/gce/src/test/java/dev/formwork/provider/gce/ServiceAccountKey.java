package dev.formwork.provider.gce;

import com.google.gson.JsonObject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// A service account, and the file with its key as the console of Google Cloud gives it away.
final class ServiceAccountKey {
    static final String EMAIL = "formwork@test-project.iam.gserviceaccount.com";

    private static final ServiceAccountKey ONLY = new ServiceAccountKey();

    private final KeyPair pair;

    private ServiceAccountKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            pair = generator.generateKeyPair();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// One for all tests: keys take their time.
    static ServiceAccountKey only() {
        return ONLY;
    }

    KeyPair pair() {
        return pair;
    }

    Path write(Path file, URI tokens) {
        String pem =
                "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
                        .formatted(
                                Base64.getMimeEncoder(64, new byte[] {'\n'})
                                        .encodeToString(pair.getPrivate().getEncoded()));
        JsonObject key = new JsonObject();
        key.addProperty("type", "service_account");
        key.addProperty("project_id", ComputeServer.PROJECT);
        key.addProperty("private_key_id", "key-1");
        key.addProperty("private_key", pem);
        key.addProperty("client_email", EMAIL);
        key.addProperty("client_id", "1234567890");
        key.addProperty("token_uri", tokens.toString());
        try {
            return Files.writeString(file, key.toString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
