package dev.formwork.provider.ipmi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.tck.BootControlContract;
import dev.formwork.provider.tck.EventLogContract;
import dev.formwork.provider.tck.IdentifyContract;
import dev.formwork.provider.tck.InstanceCrashContract;
import dev.formwork.provider.tck.InstanceLifecycleContract;
import dev.formwork.provider.tck.InventoryContract;
import dev.formwork.provider.tck.PowerControlContract;
import dev.formwork.provider.tck.ProviderBench;
import dev.formwork.provider.tck.SensorsContract;
import dev.formwork.testkit.ipmi.SimulatedRack;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/// On controllers of OpenIPMI's `ipmi_sim`, with nodes behind them that are files.
class IpmiProviderContractTest
        implements InstanceLifecycleContract,
                InstanceCrashContract,
                PowerControlContract,
                BootControlContract,
                InventoryContract,
                SensorsContract,
                EventLogContract,
                IdentifyContract {
    private static @Nullable SimulatedRack started;

    private final SimulatedRack rack = Objects.requireNonNull(started);
    private final IpmiBench bench;

    IpmiProviderContractTest(@TempDir Path data) {
        bench = new IpmiBench(rack, Map.of(), data);
    }

    @BeforeAll
    static void startRack() {
        started = new SimulatedRack(12);
    }

    @AfterAll
    static void stopRack() {
        if (started != null) {
            started.close();
        }
    }

    @Override
    public ProviderBench bench() {
        return bench;
    }

    private int nodeOf(InstanceRef ref) {
        return bench.nodeOf(ref);
    }

    /// A temperature that is too high, as the sensor would note it (IPMI 2.0, Add SEL Entry).
    @Override
    public void note(InstanceRef ref) {
        try {
            assertThat(
                            SimulatedRack.ipmitool(
                                    rack.port(nodeOf(ref)),
                                    ("raw 0x0a 0x44 0 0 2 0 0 0 0 0x20 0 4 1 0x30 1 0x59 0x58"
                                                    + " 0x57")
                                            .split(" ", -1)))
                    .isZero();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    @Override
    public boolean blinks(InstanceRef ref) {
        Path light = rack.node(nodeOf(ref)).resolve("identify");
        try {
            // Seconds, and whether it is to blink for ever.
            return Files.exists(light) && !Files.readString(light).startsWith("0 ");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
