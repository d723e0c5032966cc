package dev.formwork.provider.redfish;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.redfish.client.Link;
import dev.formwork.provider.redfish.client.Quirk;
import dev.formwork.provider.redfish.client.RedfishCode;
import dev.formwork.provider.redfish.client.Resource;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The power of a system: `ComputerSystem.Reset`, with what this system offers of its values.
final class SystemPower {
    private static final String ACTION = "#ComputerSystem.Reset";

    /// What it does hangs on what the system does at that moment, so it is the last of the ways to
    /// anything, is pressed only by who has just seen that the power is otherwise, and once:
    /// pressed again since an answer was lost, it would undo what it did. It is no way to take the
    /// power away: it asks the system, which may not do so.
    private static final String PUSH = "PushPowerButton";

    private static final List<String> ON = List.of("On", "ForceOn", PUSH);
    private static final List<String> OFF = List.of("ForceOff");
    private static final List<String> BUTTON = List.of("GracefulShutdown", PUSH);
    private static final List<String> RESET =
            List.of("ForceRestart", "PowerCycle", "GracefulRestart");

    private final ManagedSystem system;

    SystemPower(ManagedSystem system) {
        this.system = system;
    }

    boolean isOn() {
        return isOn(system.read());
    }

    private boolean isOn(Resource now) {
        return switch (now.text("PowerState").orElse("").toLowerCase(Locale.ROOT)) {
            // Who takes one that comes up for off leaves it on.
            case "on", "poweringon", "poweringoff", "paused" -> true;
            case "off" -> false;
            default ->
                    throw RedfishCode.PROTOCOL.problem(
                            "%s does not say whether its system %s has power"
                                    .formatted(system.service().name(), now),
                            "see the controller's own view of it");
        };
    }

    void switchOn() {
        become(true, ON);
    }

    void switchOff() {
        become(false, OFF);
    }

    void pressButton() {
        become(false, BUTTON);
    }

    void reset() {
        Resource now = system.read();
        reset(now, RESET);
    }

    private void become(boolean on, List<String> ways) {
        Resource now = system.read();
        if (isOn(now) == on) {
            return;
        }
        try {
            reset(now, ways);
        } catch (ProblemException refused) {
            if (!refused.code().equals(RedfishCode.REFUSED.code())) {
                throw refused;
            }
            // A repeat of what was done already, its answer lost, is refused by some.
            if (isOn() == on) {
                return;
            }
            String detail = refused.problems().getFirst().detail();
            if (on && detail.contains("ActionParameterValueConflict")) {
                throw ProviderCode.UNAVAILABLE.problem(
                        detail, "ask again later (%s)".formatted(Quirk.ON_TOO_EARLY), refused);
            }
            throw refused;
        }
    }

    /// @param ways the first of them that the system offers
    private void reset(Resource now, List<String> ways) {
        Resource action = now.part("Actions", ACTION);
        Link target =
                action.uri("target")
                        .orElseThrow(() ->
                                ProviderCode.UNSUPPORTED.problem(
                                        "system %s of %s has no reset"
                                                .formatted(now, system.service().name()),
                                        "does the user's role allow it?"));
        List<String> offered = offered(action);
        String way =
                ways.stream()
                        .filter(each -> offered.isEmpty() || offered.contains(each))
                        .findFirst()
                        .orElseThrow(() ->
                                ProviderCode.UNSUPPORTED.problem(
                                        "system %s of %s takes none of %s"
                                                .formatted(now, system.service().name(), ways),
                                        "it offers " + offered));
        Map<String, String> parameters = Map.of("ResetType", way);
        if (!way.equals(PUSH)) {
            system.act(target, parameters);
        } else if (!isUnderWay(now)) {
            push(target, parameters);
        }
    }

    private static boolean isUnderWay(Resource now) {
        return now.text("PowerState").orElse("").toLowerCase(Locale.ROOT).startsWith("powering");
    }

    /// A lost answer is no failure: whether the button was pressed is seen at the power.
    private void push(Link target, Map<String, String> parameters) {
        try {
            system.actOnce(target, parameters);
        } catch (ProblemException failed) {
            if (!failed.code().equals(ProviderCode.TIMEOUT.code())
                    && !failed.code().equals(ProviderCode.UNAVAILABLE.code())) {
                throw failed;
            }
        }
    }

    /// Empty where the system does not say.
    private List<String> offered(Resource action) {
        List<String> here = action.texts("ResetType@Redfish.AllowableValues");
        if (!here.isEmpty()) {
            return here;
        }
        Optional<Resource> info = system.optional(action.uri("@Redfish.ActionInfo"));
        return info.stream()
                .flatMap(each -> each.parts("Parameters").stream())
                .filter(each -> each.text("Name").equals(Optional.of("ResetType")))
                .flatMap(each -> each.texts("AllowableValues").stream())
                .toList();
    }
}
