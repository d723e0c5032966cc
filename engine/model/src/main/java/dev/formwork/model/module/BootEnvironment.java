package dev.formwork.model.module;

import dev.formwork.model.Location;
import dev.formwork.model.value.Value;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a machine boots from the network: a kernel, what it unpacks, its command line, and files
/// that are made for each machine.
///
/// @param inputs the machine's parameters that it uses
/// @param initrds unpacked in this order
/// @param arguments of the kernel's command line, one each
/// @param files by their paths below the address that the machine is told
/// @param installs whether it puts a system onto the machine's disk: it is booted until that is
///   done, and then the disk is
public record BootEnvironment(
        Header header,
        Map<String, InputSpec> inputs,
        Download kernel,
        List<Download> initrds,
        List<Template> arguments,
        Map<String, BootFile> files,
        boolean installs)
        implements Module {
    /// The parameter of a machine that says which it boots.
    public static final String PARAMETER = "boot_environment";

    /// The parameter itself: a module's name; null for none.
    static final InputSpec CHOICE =
            new InputSpec(
                    PARAMETER,
                    Value.of(Map.of("type", Value.of("string"))),
                    Optional.empty(),
                    false,
                    true,
                    new Location("boot environment", 1, 1));

    /// What a path of [#files] is made of, so that it stands in a URL as itself.
    public static final Pattern PATH =
            Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*){0,7}");

    public BootEnvironment {
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        initrds = List.copyOf(initrds);
        arguments = List.copyOf(arguments);
        files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
    }

    @Override
    public Map<String, OutputSpec> outputs() {
        return Map.of();
    }
}
