package dev.formwork.provider.gce;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import dev.formwork.provider.tck.HttpService.Request;
import dev.formwork.provider.tck.HttpService.Response;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Gives bearer tokens to who shows a JWT that the service account has signed (RFC 7523), or who
/// asks as an instance of Compute Engine asks its metadata server. Thread-safe.
final class TokenEndpoint {
    static final String PATH = "/token";
    static final String METADATA = "/computeMetadata/v1/";

    private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final Set<String> SCOPES =
            Set.of(
                    "https://www.googleapis.com/auth/cloud-platform",
                    "https://www.googleapis.com/auth/compute");
    private static final long MOST_SECONDS = 3600;

    private final Clock clock = Clock.systemUTC();
    private volatile boolean open;
    private final Set<String> tokens = ConcurrentHashMap.newKeySet();

    boolean accepts(Request request) {
        return open
                || request.header("authorization")
                        .filter(given -> given.startsWith("Bearer "))
                        .filter(given -> tokens.contains(given.substring("Bearer ".length())))
                        .isPresent();
    }

    String issue() {
        String token = "ya29." + UUID.randomUUID();
        tokens.add(token);
        return token;
    }

    /// Nobody needs a token any more.
    void acceptAnybody() {
        open = true;
    }

    /// No token that was given counts any more.
    void revokeAll() {
        tokens.clear();
    }

    Response answer(Request request) {
        if (!request.method().equals("POST")
                || !request.header("content-type")
                        .orElse("")
                        .startsWith("application/x-www-form-urlencoded")) {
            return refused("invalid_request", "a form is to be posted");
        }
        Map<String, String> form = ApiModel.query(request.body());
        if (!GRANT.equals(form.get("grant_type"))) {
            return refused("unsupported_grant_type", "not " + GRANT);
        }
        String[] jwt = form.getOrDefault("assertion", "").split("\\.", -1);
        if (jwt.length != 3 || !isSigned(jwt)) {
            return refused("invalid_grant", "Invalid JWT Signature.");
        }
        JsonObject claims = json(jwt[1]);
        long now = clock.instant().getEpochSecond();
        long issued = claims.get("iat").getAsLong();
        long expires = claims.get("exp").getAsLong();
        boolean isOurs =
                json(jwt[0]).get("alg").getAsString().equals("RS256")
                        && claims.get("iss").getAsString().equals(ServiceAccountKey.EMAIL)
                        && claims.get("aud").getAsString().endsWith(PATH)
                        && expires > now
                        && expires - issued <= MOST_SECONDS;
        if (!isOurs) {
            return refused("invalid_grant", "Invalid JWT: " + claims);
        }
        if (!SCOPES.contains(claims.get("scope").getAsString())) {
            return refused("invalid_scope", "not of this API");
        }
        return token();
    }

    /// As <https://cloud.google.com/compute/docs/metadata/overview> has it.
    Response metadata(Request request) {
        if (!request.header("metadata-flavor").equals(Optional.of("Google"))) {
            return Response.of(403, "text/html", "<p>Missing Metadata-Flavor:Google header.</p>");
        }
        String path = request.target().getPath().substring(METADATA.length());
        Response response =
                switch (path) {
                    case "" -> Response.of(200, "application/text", "instance/\nproject/\n");
                    case "project/project-id" ->
                            Response.of(200, "application/text", ComputeServer.PROJECT);
                    case "instance/service-accounts/" ->
                            Response.json(
                                    200,
                                    "{\"default\": {\"email\": \"%s\", \"scopes\": []}}"
                                            .formatted(ServiceAccountKey.EMAIL));
                    case "instance/service-accounts/default/token" -> token();
                    case "universe/universe-domain", "universe/universe_domain" ->
                            Response.of(200, "application/text", "googleapis.com");
                    default -> Response.of(404, "text/html", "<p>no such metadata</p>");
                };
        return response.with("Metadata-Flavor", "Google");
    }

    private Response token() {
        JsonObject given = new JsonObject();
        given.addProperty("access_token", issue());
        given.addProperty("expires_in", MOST_SECONDS);
        given.addProperty("token_type", "Bearer");
        return Response.json(200, given.toString());
    }

    private static boolean isSigned(String[] jwt) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(ServiceAccountKey.only().pair().getPublic());
            signature.update((jwt[0] + "." + jwt[1]).getBytes(StandardCharsets.US_ASCII));
            return signature.verify(Base64.getUrlDecoder().decode(jwt[2]));
        } catch (GeneralSecurityException | IllegalArgumentException no) {
            return false;
        }
    }

    private static JsonObject json(String part) {
        return JsonParser.parseString(
                        new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8))
                .getAsJsonObject();
    }

    static Response refused(String error, String why) {
        JsonObject refusal = new JsonObject();
        refusal.addProperty("error", error);
        refusal.addProperty("error_description", why);
        return Response.json(400, refusal.toString());
    }
}
