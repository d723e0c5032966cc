package dev.formwork.provider.local;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.hardware.Hardware;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.InstanceState;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.time.Instant;
import java.util.Map;

/// What `machine.json` says of one machine.
///
/// @param format 1; another is refused, not guessed at
/// @param phase how far its making or its removal is
/// @param token the operation that made it
record MachineRecord(
        int format,
        Phase phase,
        String ref,
        String machine,
        String name,
        String engine,
        String token,
        String address,
        Instant createdAt,
        Map<String, String> labels) {

    static final int FORMAT = 1;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    enum Phase {
        CREATING,
        READY,
        DELETING
    }

    /// @throws JacksonException or IllegalArgumentException where it is no record of this format
    static MachineRecord parse(byte[] json) {
        MachineRecord record = JSON.readValue(json, MachineRecord.class);
        if (record.format() != FORMAT) {
            throw new IllegalArgumentException("format " + record.format());
        }
        record.instance(InstanceState.CREATING);
        new EngineId(record.engine());
        return record;
    }

    byte[] json() {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
    }

    MachineRecord in(Phase next) {
        return new MachineRecord(
                format,
                next,
                ref,
                machine,
                name,
                engine,
                token,
                address,
                createdAt,
                labels,
                Hardware.NONE);
    }

    boolean isOf(EngineId who) {
        return engine.equals(who.value());
    }

    MachineId id() {
        return new MachineId(machine);
    }

    Instance instance(InstanceState state) {
        return new Instance(new InstanceRef(ref), id(), name, address, state, createdAt, labels);
    }
}
