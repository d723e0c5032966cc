package dev.formwork.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Holds what DESIGN says of the layout, over the main classes of every module.
///
/// The classes are those on this module's test class path: a new module belongs into its pom.
class ArchitectureTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("dev.formwork");

    private static final Set<String> SLEEPERS =
            Set.of("java.lang.Thread", "java.util.concurrent.TimeUnit");

    private static final Set<String> EMPTY_WORDS =
            Set.of("util", "utils", "impl", "helper", "helpers", "common", "misc");

    @Test
    void seesEveryModule() {
        assertThat(packages())
                .extracting(JavaPackage::getName)
                .contains(
                        "dev.formwork.agent",
                        "dev.formwork.agent.archive",
                        "dev.formwork.agent.protocol",
                        "dev.formwork.bench",
                        "dev.formwork.bench.main",
                        "dev.formwork.bench.providers",
                        "dev.formwork.bench.report",
                        "dev.formwork.boot.dhcp",
                        "dev.formwork.cli",
                        "dev.formwork.image",
                        "dev.formwork.model",
                        "dev.formwork.postgres",
                        "dev.formwork.provider",
                        "dev.formwork.provider.bmc",
                        "dev.formwork.provider.aws",
                        "dev.formwork.provider.gce",
                        "dev.formwork.provider.host",
                        "dev.formwork.provider.ipmi",
                        "dev.formwork.provider.local",
                        "dev.formwork.provider.openstack",
                        "dev.formwork.provider.qemu",
                        "dev.formwork.provider.redfish",
                        "dev.formwork.provider.ssh",
                        "dev.formwork.provider.tck",
                        "dev.formwork.server",
                        "dev.formwork.store",
                        "dev.formwork.testkit",
                        "dev.formwork.workflow");
    }

    @Test
    void modelDependsOnNothingOfOurs() {
        mayUse("model");
    }

    @Test
    void workflowDependsOnModelOnly() {
        mayUse("workflow", "model..");
    }

    @Test
    void storeImplementsWhatWorkflowDeclares() {
        mayUse("store", "workflow..", "model..");
    }

    @Test
    void throwawayServersStandAloneAndOnlyBenchmarksUseThem() {
        mayUse("postgres");
        noClasses()
                .that(resideOutsideOfPackage("dev.formwork.postgres.."))
                .and(resideOutsideOfPackage("dev.formwork.bench.."))
                .should()
                .dependOnClassesThat(resideInAPackage("dev.formwork.postgres.."))
                .check(CLASSES);
    }

    @Test
    void nothingThatIsShippedUsesWhatTestsShare() {
        mayUse("testkit");
        noClasses()
                .that(resideOutsideOfPackage("dev.formwork.testkit.."))
                .and(resideOutsideOfPackage("dev.formwork.bench.."))
                .should()
                .dependOnClassesThat(resideInAPackage("dev.formwork.testkit.."))
                .check(CLASSES);
    }

    @Test
    void theAgentsDoorStandsAlone() {
        mayUse("agent.protocol");
        mayUse("agent.archive");
    }

    @Test
    void theAgentDependsOnItsProtocolOnly() {
        mayUse("agent");
    }

    @Test
    void theBootServerDependsOnTheModelOnly() {
        mayUse("boot", "model..");
    }

    @Test
    void theContainerOsDependsOnTheModelAndArchivesOnly() {
        mayUse("image", "model..", "agent.archive..");
    }

    @Test
    void theServerDependsOnNoProviderAndNoAgent() {
        mayUse(
                "server",
                "workflow..",
                "store..",
                "provider",
                "agent.protocol..",
                "agent.archive..",
                "boot..",
                "model..");
    }

    @Test
    void nothingDependsOnTheProgram() {
        noClasses()
                .that(resideOutsideOfPackage("dev.formwork.cli.."))
                .should()
                .dependOnClassesThat(resideInAPackage("dev.formwork.cli.."))
                .check(CLASSES);
    }

    @Test
    void nothingDependsOnTheBenchmarks() {
        noClasses()
                .that(resideOutsideOfPackage("dev.formwork.bench.."))
                .should()
                .dependOnClassesThat(resideInAPackage("dev.formwork.bench.."))
                .check(CLASSES);
    }

    /// The ssh provider works hosts that have no agent by the agent's own program.
    @Test
    void providersDependOnTheSpiAndTheModelOnly() {
        mayUse("provider", "model..", "agent..");
        noClasses()
                .that(resideInAPackage("dev.formwork.provider.."))
                .and(resideOutsideOfPackage("dev.formwork.provider.ssh.."))
                .should()
                .dependOnClassesThat(resideInAPackage("dev.formwork.agent.."))
                .check(CLASSES);
    }

    @Test
    void noProviderSeesAnother() {
        slices().matching("dev.formwork.provider.(*)..")
                .should()
                .notDependOnEachOther()
                .ignoreDependency(
                        resideInAPackage("dev.formwork.provider.(*).."),
                        resideInAnyPackage(
                                "dev.formwork.provider.bmc..", "dev.formwork.provider.host.."))
                .check(CLASSES);
    }

    @Test
    void onlyServerAndCliSeeTheWebFramework() {
        noClasses()
                .that(resideInAPackage("dev.formwork.."))
                .and(resideOutsideOfPackage("dev.formwork.server.."))
                .and(resideOutsideOfPackage("dev.formwork.cli.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.micronaut.."))
                .check(CLASSES);
    }

    @Test
    void packagesOfOneModuleHaveNoCycles() {
        slices().matching("dev.formwork.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void nothingSleeps() {
        noClasses()
                .should()
                .callMethodWhere(
                        describe(
                                "a thread sleeps",
                                call ->
                                        call.getName().equals("sleep")
                                                && SLEEPERS.contains(
                                                        call.getTargetOwner().getName())))
                .because("time is a Clock that tests set, and threads wait for an event")
                .check(CLASSES);
    }

    @Test
    void collaboratorsComeByConstructor() {
        noFields()
                .should()
                .beAnnotatedWith("jakarta.inject.Inject")
                .orShould()
                .beAnnotatedWith("io.micronaut.context.annotation.Value")
                .orShould()
                .beAnnotatedWith("io.micronaut.context.annotation.Property")
                .check(CLASSES);
    }

    @Test
    void packagesAreNamedByWhatTheyDo() {
        assertThat(packages())
                .allSatisfy(each ->
                        assertThat(Arrays.asList(each.getName().split("\\.")))
                                .doesNotContainAnyElementsOf(EMPTY_WORDS));
    }

    @Test
    void classesAreNamedByWhatTheyAre() {
        noClasses()
                .should()
                .haveNameMatching(".*(Impl|Manager|Helper|Utils?)(\\$.*)?")
                .check(CLASSES);
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(packages())
                .allSatisfy(each ->
                        assertThat(each.isAnnotatedWith(NullMarked.class))
                                .as(each.getName())
                                .isTrue());
    }

    private static List<JavaPackage> packages() {
        return CLASSES.stream().map(JavaClass::getPackage).distinct().toList();
    }

    /// Checks that a package, with all below it, uses nothing of ours but itself and `others`.
    private static void mayUse(String name, String... others) {
        String[] allowed =
                Stream.concat(Stream.of(name + ".."), Arrays.stream(others))
                        .map(each -> "dev.formwork." + each)
                        .toArray(String[]::new);
        noClasses()
                .that(resideInAPackage("dev.formwork." + name + ".."))
                .should()
                .dependOnClassesThat(
                        resideInAPackage("dev.formwork..").and(not(resideInAnyPackage(allowed))))
                .check(CLASSES);
    }
}
