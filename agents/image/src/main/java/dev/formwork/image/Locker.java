package dev.formwork.image;

import dev.formwork.image.lock.Apt;
import dev.formwork.image.lock.LockedPackage;
import dev.formwork.image.lock.Manifest;
import dev.formwork.model.ProblemException;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Makes the list of packages that an image is built of, out of the newest that there are.
public final class Locker {
    private Locker() {}

    /// The manifest that comes with the program.
    ///
    /// @throws ProblemException `image.architecture`
    public static Manifest standard(String architecture) {
        checkArchitecture(architecture);
        return Manifest.parse(Recipe.text("manifest-amd64.yaml"), "the manifest of the program");
    }

    /// A new manifest, for every option.
    ///
    /// @throws ProblemException `image.architecture`, `image.package-unknown`, `image.tool-missing`
    public static Manifest lock(String architecture) {
        checkArchitecture(architecture);
        Recipe recipe = Recipe.load();
        Apt apt = new Apt();
        Set<String> names = new TreeSet<>(recipe.files(recipe.options().keySet()).keySet());
        names.add(recipe.firstProgram());
        names.add(apt.dependency(recipe.kernel(), architecture));
        List<LockedPackage> packages = new ArrayList<>();
        for (String name : names) {
            packages.add(apt.newest(name, architecture));
        }
        return new Manifest(architecture, packages);
    }

    private static void checkArchitecture(String architecture) {
        if (!architecture.equals("amd64")) {
            throw ProblemException.of(
                    "image.architecture",
                    "images for " + architecture + " can't be built",
                    "amd64 is what there is");
        }
    }
}
