package dev.formwork.image;

import dev.formwork.model.ProblemException;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the container OS is made of: `recipe.yaml` and `drivers.yaml` of this module.
///
/// @param kernel the package that depends on the kernel's own
/// @param firstProgram the package of the first root's one program
/// @param packages the files that are taken, by package
/// @param options more packages, by what they are for
/// @param first drivers without which the image has no root
/// @param always drivers of every image
/// @param sets drivers by the name of their set
record Recipe(
        String kernel,
        String firstProgram,
        SortedMap<String, List<String>> packages,
        SortedMap<String, SortedMap<String, List<String>>> options,
        List<String> first,
        List<String> always,
        SortedMap<String, List<String>> sets) {
    static Recipe load() {
        Map<?, ?> recipe = (Map<?, ?>) yaml("recipe.yaml");
        Map<?, ?> drivers = (Map<?, ?>) yaml("drivers.yaml");
        SortedMap<String, SortedMap<String, List<String>>> options = new TreeMap<>();
        ((Map<?, ?>) field(recipe, "options"))
                .forEach((name, option) ->
                        options.put((String) name, lists(field((Map<?, ?>) option, "packages"))));
        return new Recipe(
                (String) field(recipe, "kernel"),
                (String) field(recipe, "first"),
                lists(field(recipe, "packages")),
                options,
                strings(field(drivers, "first")),
                strings(field(drivers, "always")),
                lists(field(drivers, "sets")));
    }

    /// The drivers beside the first ones.
    ///
    /// @throws ProblemException `image.driver-set-unknown`
    Set<String> drivers(Collection<String> chosen) {
        Set<String> drivers = new LinkedHashSet<>(always);
        for (String each : chosen) {
            List<String> set = sets.get(each);
            if (set == null) {
                throw unknown("image.driver-set-unknown", "set of drivers", each, sets.keySet());
            }
            drivers.addAll(set);
        }
        return drivers;
    }

    /// The files that are taken, by package.
    ///
    /// @throws ProblemException `image.option-unknown`
    SortedMap<String, List<String>> files(Collection<String> chosen) {
        SortedMap<String, List<String>> files = new TreeMap<>(packages);
        for (String each : chosen) {
            SortedMap<String, List<String>> option = options.get(each);
            if (option == null) {
                throw unknown("image.option-unknown", "option", each, options.keySet());
            }
            option.forEach((name, more) ->
                    files.merge(
                            name,
                            more,
                            (one, other) -> {
                                List<String> both = new ArrayList<>(one);
                                both.addAll(other);
                                return both;
                            }));
        }
        return files;
    }

    static String text(String resource) {
        try (InputStream in = Recipe.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the module lacks " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ProblemException unknown(
            String code, String what, String name, Set<String> known) {
        return ProblemException.of(
                code,
                "there is no " + what + " \"" + name + "\"",
                "there are: " + String.join(", ", known));
    }

    private static Object yaml(String resource) {
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(text(resource));
    }

    private static Object field(Map<?, ?> fields, String key) {
        Object value = fields.get(key);
        if (value == null) {
            throw new IllegalStateException("the recipe has no " + key);
        }
        return value;
    }

    private static SortedMap<String, List<String>> lists(Object value) {
        SortedMap<String, List<String>> lists = new TreeMap<>();
        ((Map<?, ?>) value).forEach((key, list) -> lists.put((String) key, strings(list)));
        return lists;
    }

    private static List<String> strings(Object list) {
        return ((List<?>) list).stream().map(String.class::cast).toList();
    }
}
