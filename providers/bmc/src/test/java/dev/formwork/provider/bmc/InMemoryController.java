package dev.formwork.provider.bmc;

import dev.formwork.model.hardware.Hardware;
import dev.formwork.provider.HardwareEvent;
import dev.formwork.provider.MachineInventory;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.SensorReading;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A controller whose node is a few fields, and that has a place for a mark. Thread-safe.
final class InMemoryController implements ManagementController, MarkPlace {
    private final List<String> told = new ArrayList<>();
    private boolean isOn;
    private String mark = "";

    synchronized List<String> told() {
        return List.copyOf(told);
    }

    @Override
    public synchronized boolean isOn() {
        return isOn;
    }

    @Override
    public synchronized void switchOn() {
        told.add("on");
        isOn = true;
    }

    @Override
    public synchronized void switchOff() {
        told.add("off");
        isOn = false;
    }

    @Override
    public synchronized void pressPowerButton() {
        told.add("button");
    }

    @Override
    public synchronized void reset() {
        told.add("reset");
    }

    @Override
    public synchronized void bootFrom(BootOverride override) {
        told.add("boot " + override.device() + (override.always() ? " always" : " once"));
    }

    @Override
    public synchronized void bootByItself() {
        told.add("boot by itself");
    }

    @Override
    public Optional<MarkPlace> markPlace() {
        return Optional.of(this);
    }

    @Override
    public synchronized String read() {
        return mark;
    }

    @Override
    public synchronized void write(String text) {
        mark = text;
    }

    @Override
    public Hardware hardware() {
        return new Hardware(
                List.of(), Optional.of("11111111-2222-3333-4444-555555555555"), Optional.empty());
    }

    @Override
    public MachineInventory inventory() {
        throw ProviderCode.UNSUPPORTED.problem("it has none", null);
    }

    @Override
    public List<SensorReading> sensors() {
        return List.of();
    }

    @Override
    public List<HardwareEvent> events(int most) {
        return List.of();
    }

    @Override
    public void identify(Duration howLong) {}

    @Override
    public void close() {}
}
