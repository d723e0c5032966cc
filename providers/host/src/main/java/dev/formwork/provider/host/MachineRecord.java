package dev.formwork.provider.host;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.provider.InstanceRef;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/// What `machine.json` says of one machine: whose it is, and how far.
///
/// @param format 1; another is refused, not guessed at
/// @param phase how far its making or its removal is
/// @param token the operation that made it
/// @param address what the provider gave it, if it gives addresses
public record MachineRecord(
        int format,
        Phase phase,
        String ref,
        String machine,
        String name,
        String engine,
        String token,
        @Nullable String address,
        Instant createdAt,
        Map<String, String> labels) {

    public static final int FORMAT = 1;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// How far the machine is.
    public enum Phase {
        CREATING,
        READY,
        DELETING
    }

    public MachineRecord {
        Objects.requireNonNull(phase, "phase");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(createdAt, "createdAt");
        labels = Map.copyOf(labels);
    }

    /// @throws JacksonException or IllegalArgumentException where it is no record of this format
    public static MachineRecord parse(byte[] json) {
        MachineRecord record = JSON.readValue(json, MachineRecord.class);
        if (record.format() != FORMAT) {
            throw new IllegalArgumentException("format " + record.format());
        }
        record.id();
        record.instanceRef();
        new EngineId(record.engine());
        return record;
    }

    public byte[] json() {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
    }

    public MachineRecord in(Phase next) {
        return new MachineRecord(
                format, next, ref, machine, name, engine, token, address, createdAt, labels);
    }

    public boolean isOf(EngineId who) {
        return engine.equals(who.value());
    }

    public MachineId id() {
        return new MachineId(machine);
    }

    public InstanceRef instanceRef() {
        return new InstanceRef(ref);
    }
}
