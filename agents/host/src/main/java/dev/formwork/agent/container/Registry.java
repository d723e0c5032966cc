package dev.formwork.agent.container;

import dev.formwork.agent.container.ImageJson.Descriptor;
import dev.formwork.agent.container.ImageJson.Manifest;
import dev.formwork.agent.container.ImageJson.Token;
import dev.formwork.agent.runner.RunnerException;
import dev.formwork.agent.transport.UnwantedException;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Takes an image out of a registry, as somebody whom it does not know. Source: the OCI
/// distribution specification; Docker's token authentication.
final class Registry {
    private static final int LARGEST_DOCUMENT = 4 << 20;
    private static final String DOCUMENTS =
            "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, "
                    + "application/vnd.docker.distribution.manifest.list.v2+json, "
                    + "application/vnd.docker.distribution.manifest.v2+json";
    private static final Pattern PARAMETER = Pattern.compile("([a-z]+)=\"([^\"]*)\"");

    private final ImageReference image;
    private final Web web;
    private @Nullable String authorization;

    Registry(ImageReference image, Web web) {
        this.image = image;
        this.web = web;
    }

    /// The digest that the image has now.
    String resolve() throws IOException, RunnerException, UnwantedException {
        String digest = image.digest();
        return digest != null ? digest : Blobs.digestOf(document("manifests/" + image.wanted()));
    }

    /// Brings in all of it that the platform needs, and is not there yet.
    void fetch(String digest, Blobs blobs, Target target)
            throws IOException, RunnerException, UnwantedException {
        Descriptor manifest = new Descriptor(null, digest, 0, null);
        Manifest found = manifest(manifest, blobs);
        if (!found.manifests().isEmpty()) {
            found = manifest(target.choose(found.manifests()), blobs);
        }
        if (found.config() != null) {
            blob(found.config(), blobs);
        }
        for (Descriptor layer : target.layers(found)) {
            blob(layer, blobs);
        }
    }

    private Manifest manifest(Descriptor of, Blobs blobs)
            throws IOException, RunnerException, UnwantedException {
        String digest = Blobs.digest(of);
        if (!blobs.has(digest)) {
            byte[] document = document("manifests/" + digest);
            blobs.put(digest, out -> out.write(document));
        }
        return ImageJson.read(blobs.document(of), Manifest.class);
    }

    private void blob(Descriptor of, Blobs blobs)
            throws IOException, RunnerException, UnwantedException {
        String digest = Blobs.digest(of);
        if (!blobs.has(digest)) {
            try (Web.Answer answer = get("blobs/" + digest, "*/*")) {
                blobs.put(digest, out -> web.copy(answer, out, of.size()));
            }
        }
    }

    private byte[] document(String path) throws IOException, RunnerException, UnwantedException {
        try (Web.Answer answer = get(path, DOCUMENTS)) {
            return read(answer);
        }
    }

    private byte[] read(Web.Answer answer) throws IOException, RunnerException, UnwantedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        web.copy(answer, bytes, LARGEST_DOCUMENT);
        return bytes.toByteArray();
    }

    private Web.Answer get(String path, String accept)
            throws IOException, RunnerException, UnwantedException {
        URI uri = URI.create(image.registry() + "/v2/" + image.repository() + "/" + path);
        Web.Answer answer = web.get(uri, accept, authorization);
        if (answer.challenge() == null) {
            return answer;
        }
        authorization = "Bearer " + token(answer.challenge());
        return web.get(uri, accept, authorization);
    }

    /// Asks whom the registry names for what lets anybody read.
    private String token(String challenge) throws IOException, RunnerException, UnwantedException {
        Map<String, String> parameters = new HashMap<>();
        Matcher each = PARAMETER.matcher(challenge);
        while (each.find()) {
            parameters.put(each.group(1), each.group(2));
        }
        String realm = parameters.get("realm");
        if (!challenge.regionMatches(true, 0, "Bearer ", 0, 7) || realm == null) {
            throw new RunnerException(
                    "agent.image-refused", image.registry() + " wants to know who asks");
        }
        String query = "scope=" + encoded("repository:" + image.repository() + ":pull");
        String service = parameters.get("service");
        if (service != null) {
            query += "&service=" + encoded(service);
        }
        try (Web.Answer answer = web.get(realm(realm, query), "application/json", null)) {
            Token found = ImageJson.read(read(answer), Token.class);
            String token = found.token() != null ? found.token() : found.accessToken();
            if (answer.challenge() != null
                    || token == null
                    || !token.matches("[A-Za-z0-9._~+/=-]+")) {
                throw new RunnerException(
                        "agent.image-refused", Web.shown(answer.from()) + " gives no token");
            }
            return token;
        }
    }

    private URI realm(String realm, String query) throws RunnerException {
        try {
            URI uri = URI.create(realm + (realm.contains("?") ? "&" : "?") + query);
            if (uri.getHost() != null
                    && ("https".equals(uri.getScheme())
                            || ("http".equals(uri.getScheme())
                                    && "http".equals(image.registry().getScheme())))) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new RunnerException(
                "agent.image-refused", image.registry() + " names nobody who gives a token");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
