package dev.formwork.model.yaml;

import dev.formwork.model.ProblemException;
import dev.formwork.model.module.Profile;
import dev.formwork.model.value.Value;
import dev.formwork.model.yaml.Decoding.NameRule;

import java.util.List;
import java.util.Optional;

/// Loads `kind: Profile`.
public final class ProfileLoader {
    private ProfileLoader() {}

    /// Loads a file that holds one profile or several, each a YAML document.
    ///
    /// @param file as problems are to name it
    /// @throws ProblemException with every problem of the file
    public static List<Profile> loadAll(String file, String text) {
        return Documents.all(file, text, ProfileLoader::decode);
    }

    private static Optional<Profile> decode(Marked document, Decoding context) {
        return Kinds.of(document, List.of("Profile"), context)
                .map(_ -> profile(Fields.open(document, Shape.PROFILE, context), context));
    }

    private static Profile profile(Fields fields, Decoding context) {
        return new Profile(
                fields.name("name", NameRule.LABEL),
                fields.text("summary"),
                fields.map("values", node -> new Templates(context).struct(node, "a profile"))
                        .orElse(Value.Struct.EMPTY),
                fields.at());
    }
}
