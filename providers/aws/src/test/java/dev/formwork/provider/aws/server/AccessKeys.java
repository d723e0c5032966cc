package dev.formwork.provider.aws.server;

import dev.formwork.provider.tck.HttpService.Request;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Who may call, and whether it is they who signed: Signature Version 4, computed anew from the
/// request ("Create a signed AWS API request" in the IAM User Guide).
final class AccessKeys {
    private static final Pattern AUTHORIZATION =
            Pattern.compile(
                    "AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d{8})/([^/]+)/([^/]+)/aws4_request, ?"
                            + "SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssX").withZone(ZoneOffset.UTC);
    private static final Duration SKEW = Duration.ofMinutes(15);

    /// @param sessionToken of temporary credentials
    private record Key(String secret, @Nullable String sessionToken, @Nullable Instant expires) {}

    private final Map<String, Key> keys = new ConcurrentHashMap<>();
    private final String region;
    private final Clock clock;

    AccessKeys(String region, Clock clock) {
        this.region = region;
        this.clock = clock;
    }

    void add(String id, String secret) {
        keys.put(id, new Key(secret, null, null));
    }

    void addTemporary(String id, String secret, String sessionToken, Instant expires) {
        keys.put(id, new Key(secret, sessionToken, expires));
    }

    /// Checks the signature, and says which service the request is signed for.
    String check(Request request) {
        Matcher said =
                AUTHORIZATION.matcher(
                        request.header("authorization")
                                .orElseThrow(() ->
                                        new Refusal(
                                                "MissingAuthenticationToken",
                                                "Request is missing Authentication Token")));
        if (!said.matches()) {
            throw new Refusal("IncompleteSignature", "not an Authorization header of Signature 4");
        }
        Key key = keys.get(said.group(1));
        if (key == null) {
            throw new Refusal(
                    401,
                    "AuthFailure",
                    "AWS was not able to validate the provided access credentials");
        }
        String time = request.header("x-amz-date").orElse("");
        String scope =
                "%s/%s/%s/aws4_request".formatted(said.group(2), said.group(3), said.group(4));
        checkTime(time, said.group(2));
        if (!said.group(3).equals(region)) {
            throw mismatch("Credential should be scoped to a valid region, not " + said.group(3));
        }
        List<String> signed = Arrays.asList(said.group(5).split(";", -1));
        if (!signed.contains("host") || !signed.contains("x-amz-date")) {
            throw mismatch("'host' and 'x-amz-date' must be signed");
        }
        String toSign =
                String.join(
                        "\n", "AWS4-HMAC-SHA256", time, scope, sha256(canonical(request, signed)));
        byte[] signature = bytes("AWS4" + key.secret());
        for (String each : scope.split("/", -1)) {
            signature = hmac(signature, each);
        }
        if (!HexFormat.of().formatHex(hmac(signature, toSign)).equals(said.group(6))) {
            throw mismatch(
                    "The request signature we calculated does not match the signature you provided.");
        }
        checkSession(key, request, signed);
        return said.group(4);
    }

    private void checkTime(String time, String date) {
        Instant signedAt;
        try {
            signedAt = TIME.parse(time, Instant::from);
        } catch (java.time.DateTimeException wrong) {
            throw mismatch("no X-Amz-Date");
        }
        Duration age = Duration.between(signedAt, clock.instant()).abs();
        if (age.compareTo(SKEW) > 0 || !time.startsWith(date)) {
            throw new Refusal("RequestExpired", "Request has expired.");
        }
    }

    private void checkSession(Key key, Request request, List<String> signed) {
        if (key.sessionToken() == null) {
            return;
        }
        if (!key.sessionToken().equals(request.header("x-amz-security-token").orElse(""))
                || !signed.contains("x-amz-security-token")) {
            throw new Refusal(403, "InvalidClientTokenId", "The security token is invalid.");
        }
        if (key.expires() != null && clock.instant().isAfter(key.expires())) {
            throw new Refusal(
                    "ExpiredToken", "The security token included in the request is expired");
        }
    }

    private static Refusal mismatch(String why) {
        return new Refusal(403, "SignatureDoesNotMatch", why);
    }

    private static String canonical(Request request, List<String> signed) {
        StringBuilder text = new StringBuilder();
        text.append(request.method()).append('\n');
        text.append(request.target().getRawPath()).append('\n');
        text.append(Objects.requireNonNullElse(request.target().getRawQuery(), "")).append('\n');
        for (String name : signed) {
            String value = request.header(name).orElse("");
            text.append(name).append(':').append(value.strip().replaceAll(" +", " ")).append('\n');
        }
        text.append('\n').append(String.join(";", signed)).append('\n');
        return text.append(sha256(request.body())).toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes(text)));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(bytes(text));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
