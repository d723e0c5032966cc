package dev.formwork.architecture;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;

import dev.formwork.provider.Capability;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.Retries;
import dev.formwork.provider.tck.InstanceCrashContract;
import dev.formwork.provider.tck.InstanceFaultContract;
import dev.formwork.provider.tck.ProviderContract;

import org.junit.platform.commons.annotation.Testable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Whether the tests of one provider's module hold it to the whole contract: the kit's contract of
/// each capability that it offers, as it is.
final class ProviderTests {
    private static final String JUNIT = "org.junit.jupiter.api.";

    private final JavaClasses main;
    private final List<JavaClass> contractTests;

    /// @param main the module's classes
    /// @param tests those of its tests
    ProviderTests(JavaClasses main, JavaClasses tests) {
        this.main = main;
        this.contractTests =
                tests.stream()
                        .filter(each -> each.isAssignableTo(ProviderContract.class))
                        .filter(each -> !each.isInterface())
                        .toList();
    }

    /// What is wrong with them, in words; nothing where all is well.
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        for (String contract : needed()) {
            if (contractTests.stream().noneMatch(each -> runs(each, contract))) {
                faults.add("no test runs " + contract.substring(contract.lastIndexOf('.') + 1));
            }
        }
        for (JavaClass test : contractTests) {
            switchesOff(test.getAnnotations(), test.getSimpleName(), faults);
            for (JavaMethod method : test.getMethods()) {
                switchesOff(method.getAnnotations(), method.getFullName(), faults);
                if (isOfAContract(test, method)) {
                    faults.add(method.getFullName() + " is there instead of the kit's");
                }
            }
        }
        return faults;
    }

    /// By name: the contract of `PowerControl` is `PowerControlContract` of the kit.
    private Set<String> needed() {
        String kit = ProviderContract.class.getPackageName() + ".";
        Set<String> needed =
                main.stream()
                        .flatMap(each -> each.getReferencedClassObjects().stream())
                        .map(object -> object.getRawType())
                        .filter(type -> type.isInterface() && type.isAssignableTo(Capability.class))
                        .map(type -> kit + type.getSimpleName() + "Contract")
                        .collect(Collectors.toCollection(TreeSet::new));
        needed.add(kit + InstanceLifecycle.class.getSimpleName() + "Contract");
        needed.add(InstanceCrashContract.class.getName());
        if (asksAgain()) {
            needed.add(InstanceFaultContract.class.getName());
        }
        return needed;
    }

    /// Whether it speaks to a place whose answers can be lost.
    private boolean asksAgain() {
        return main.stream()
                .flatMap(each -> each.getDirectDependenciesFromSelf().stream())
                .anyMatch(to -> to.getTargetClass().isEquivalentTo(Retries.class));
    }

    private static boolean runs(JavaClass test, String contract) {
        return test.isAssignableTo(contract)
                && !test.getModifiers().contains(JavaModifier.ABSTRACT)
                // Surefire runs these with every build.
                && test.getSimpleName().endsWith("ContractTest");
    }

    private static void switchesOff(
            Set<? extends JavaAnnotation<?>> annotations, String where, List<String> faults) {
        for (JavaAnnotation<?> each : annotations) {
            String name = each.getRawType().getName();
            if (name.startsWith(JUNIT)
                    && (each.getRawType().getSimpleName().startsWith("Disabled")
                            || each.getRawType().getSimpleName().startsWith("Enabled"))) {
                faults.add(where + " does not always run: @" + each.getRawType().getSimpleName());
            }
        }
    }

    private static boolean isOfAContract(JavaClass test, JavaMethod method) {
        return test.getAllRawInterfaces().stream()
                .filter(each -> each.isAssignableTo(ProviderContract.class))
                .flatMap(each -> each.getMethods().stream())
                .filter(each -> each.isMetaAnnotatedWith(Testable.class))
                .anyMatch(each -> each.getName().equals(method.getName()));
    }
}
