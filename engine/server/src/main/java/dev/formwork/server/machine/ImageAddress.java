package dev.formwork.server.machine;

import dev.formwork.model.ProblemException;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/// Reads where an image is, which a machine's place is to fetch by itself.
final class ImageAddress {
    private static final String EXAMPLE = "such as https://images.example/rescue.iso";

    private ImageAddress() {}

    /// @throws ProblemException `request.missing-key`; `request.malformed`, without the text: there
    ///   may be a password in it
    static URI parse(Optional<String> text) {
        try {
            return new URI(
                    text.orElseThrow(() ->
                            ProblemException.of(
                                    "request.missing-key", "image says where it is", EXAMPLE)));
        } catch (URISyntaxException wrong) {
            throw ProblemException.of(
                    "request.malformed", "image is no address: " + wrong.getReason(), EXAMPLE);
        }
    }
}
