package dev.formwork.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;

import dev.formwork.provider.AgentSupervision;
import dev.formwork.provider.Capabilities;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.ProviderFactory;
import dev.formwork.provider.Retries;
import dev.formwork.provider.tck.InstanceCrashContract;
import dev.formwork.provider.tck.InstanceLifecycleContract;
import dev.formwork.provider.tck.PowerControlContract;
import dev.formwork.provider.tck.ProviderBench;

import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Every provider is held to the contract by its own tests; and this would be seen if it were not.
class ProviderTestsTest {
    private static final Path PROVIDERS = Path.of("../../providers");
    private static final String SERVICE = "META-INF/services/" + ProviderFactory.class.getName();

    @TestFactory
    Stream<DynamicTest> everyProviderIsHeldToTheContract() throws IOException {
        List<Path> modules;
        try (Stream<Path> all = Files.list(PROVIDERS)) {
            modules =
                    all.filter(each -> Files.exists(each.resolve("target/classes/" + SERVICE)))
                            .sorted()
                            .toList();
        }
        assertThat(modules).extracting(each -> each.getFileName().toString()).contains("local");
        return modules.stream()
                .map(each ->
                        DynamicTest.dynamicTest(
                                each.getFileName().toString(),
                                () -> assertThat(of(each).faults()).isEmpty()));
    }

    @Test
    void noTestAtAllIsSeen() {
        assertThat(of(Offers.class).faults())
                .containsExactlyInAnyOrder(
                        "no test runs AgentSupervisionContract",
                        "no test runs InstanceCrashContract",
                        "no test runs InstanceLifecycleContract",
                        "no test runs PowerControlContract");
    }

    @Test
    void aMissingAbstractOrOddlyNamedOneIsSeen() {
        assertThat(
                        of(
                                        Offers.class,
                                        LifecycleContractTest.class,
                                        AbstractPowerContractTest.class,
                                        PowerIsChecked.class)
                                .faults())
                .containsExactlyInAnyOrder(
                        "no test runs AgentSupervisionContract",
                        "no test runs PowerControlContract");
    }

    @Test
    void whatIsSwitchedOffOrReplacedIsSeen() {
        assertThat(of(Offers.class, OffContractTest.class, EmptyContractTest.class).faults())
                .anyMatch(each -> each.equals("OffContractTest does not always run: @Disabled"))
                .anyMatch(each ->
                        each.contains("deletesAnInstanceAndLeavesNothing")
                                && each.endsWith("is there instead of the kit's"));
    }

    @Test
    void whoSpeaksOverANetworkIsHeldToTheContractOnFaults() {
        assertThat(of(Asks.class, LifecycleContractTest.class).faults())
                .containsExactly("no test runs InstanceFaultContract");
    }

    private static ProviderTests of(Class<?> main, Class<?>... tests) {
        return new ProviderTests(
                new ClassFileImporter().importClasses(main),
                new ClassFileImporter().importClasses(tests));
    }

    private static ProviderTests of(Path module) {
        return new ProviderTests(
                new ClassFileImporter().importPath(module.resolve("target/classes")),
                new ClassFileImporter().importPath(module.resolve("target/test-classes")));
    }

    /// As a provider does.
    static final class Offers {
        static Capabilities capabilities(
                InstanceLifecycle lifecycle, PowerControl power, AgentSupervision agents) {
            return Capabilities.none()
                    .with(InstanceLifecycle.class, lifecycle)
                    .with(PowerControl.class, power)
                    .with(AgentSupervision.class, agents);
        }
    }

    static final class Asks {
        static String again(Retries retries) {
            return retries.call(() -> "answer");
        }
    }

    /// Never run: these are looked at, and JUnit takes no private class for a test.
    private abstract static class AbstractPowerContractTest implements PowerControlContract {}

    private static final class PowerIsChecked implements PowerControlContract {
        @Override
        public ProviderBench bench() {
            throw new UnsupportedOperationException();
        }
    }

    private static final class LifecycleContractTest
            implements InstanceLifecycleContract, InstanceCrashContract {
        @Override
        public ProviderBench bench() {
            throw new UnsupportedOperationException();
        }
    }

    @Disabled("to be seen")
    private static final class OffContractTest implements PowerControlContract {
        @Override
        public ProviderBench bench() {
            throw new UnsupportedOperationException();
        }
    }

    private static final class EmptyContractTest implements InstanceLifecycleContract {
        @Override
        public ProviderBench bench() {
            throw new UnsupportedOperationException();
        }

        @Override
        @Test
        public void deletesAnInstanceAndLeavesNothing() {}
    }
}
