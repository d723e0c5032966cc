package dev.formwork.provider;

import dev.formwork.model.MachineId;
import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.Problems;
import dev.formwork.model.value.Value;

import java.util.Map;
import java.util.regex.Pattern;

/// The wish for one instance. It can only be made with a name and labels that every place can hold,
/// so that a provider need not escape them (and does so nevertheless).
///
/// @param machine the machine that the instance will be
/// @param name the machine's name, `<cluster>-<group>-<ordinal>`: a DNS label, its host name
/// @param bootToken what its agent registers with
/// @param labels up to 32, kept with the instance: keys of 1 to 63 lower-case letters, digits, `.`,
///   `_`, `/` and `-`; values of up to 255 characters, none of them a control character
/// @param spec the group's settings for this provider, out of the cluster's YAML; what may be in it
///   is the provider's own, and it refuses the rest with `provider.invalid-spec`
public record InstanceRequest(
        MachineId machine,
        String name,
        BootToken bootToken,
        Map<String, String> labels,
        Value.Struct spec) {

    private static final int MOST_LABELS = 32;
    private static final Pattern KEY = Pattern.compile("[a-z0-9]([a-z0-9._/-]{0,61}[a-z0-9])?");
    private static final Pattern VALUE = Pattern.compile("[^\\p{Cntrl}\\p{Cs}]{0,255}");

    /// @throws dev.formwork.model.ProblemException `provider.invalid-name` and
    ///   `provider.invalid-label`, all of them together
    public InstanceRequest {
        Problems problems = new Problems();
        if (!Names.LABEL.matcher(name).matches()) {
            problems.add(
                    Problem.of(
                            ProviderCode.INVALID_NAME.code(),
                            "not a name for a machine: " + Names.abbreviate(name),
                            "lower-case letters, digits and dashes, at most 63"));
        }
        labels = Map.copyOf(labels);
        if (labels.size() > MOST_LABELS) {
            problems.add(
                    invalidLabel(
                            "%d labels for machine %s".formatted(labels.size(), machine),
                            "at most " + MOST_LABELS));
        }
        for (Map.Entry<String, String> label : labels.entrySet()) {
            if (!KEY.matcher(label.getKey()).matches()) {
                problems.add(
                        invalidLabel(
                                "not a label's key: " + Names.abbreviate(label.getKey()),
                                "at most 63 of a-z, 0-9 and . _ / -"));
            } else if (!VALUE.matcher(label.getValue()).matches()) {
                problems.add(
                        invalidLabel(
                                "the value of label %s cannot be stored".formatted(label.getKey()),
                                "at most 255 characters, none of them a control character"));
            }
        }
        problems.throwIfAny();
    }

    private static Problem invalidLabel(String detail, String hint) {
        return Problem.of(ProviderCode.INVALID_LABEL.code(), detail, hint);
    }
}
