package dev.formwork.store;

import dev.formwork.model.MachineId;
import dev.formwork.store.json.Records;
import dev.formwork.workflow.cluster.Cluster;
import dev.formwork.workflow.machine.Machine;

import org.jdbi.v3.core.Handle;

import java.util.List;
import java.util.Optional;

/// Machines and clusters.
final class MachineRows {
    private static final Table MACHINES =
            new Table("machines", List.of("machine_id"), List.of("doc"));
    private static final Table CLUSTERS = new Table("clusters", List.of("name"), List.of("doc"));

    private MachineRows() {}

    static Write put(Machine machine, Records records) {
        return Write.Put.of(MACHINES, Columns.row(machine.id().value(), records.write(machine)));
    }

    static Write drop(MachineId machine) {
        return new Write.Drop(MACHINES, Columns.row(machine.value()));
    }

    static Write put(Cluster cluster, Records records) {
        return Write.Put.of(CLUSTERS, Columns.row(cluster.name(), records.write(cluster)));
    }

    static Write dropCluster(String name) {
        return new Write.Drop(CLUSTERS, Columns.row(name));
    }

    static Optional<Machine> machine(Handle handle, Records records, MachineId id) {
        return handle.createQuery("select doc from machines where machine_id = :id")
                .bind("id", id.value())
                .mapTo(String.class)
                .map(records::machine)
                .findOne();
    }

    static List<Machine> machines(Handle handle, Records records) {
        return handle.createQuery("select doc from machines")
                .mapTo(String.class)
                .map(records::machine)
                .list();
    }

    static List<Cluster> clusters(Handle handle, Records records) {
        return handle.createQuery("select doc from clusters")
                .mapTo(String.class)
                .map(records::cluster)
                .list();
    }

    static Optional<Cluster> cluster(Handle handle, Records records, String name) {
        return handle.createQuery("select doc from clusters where name = :name")
                .bind("name", name)
                .mapTo(String.class)
                .map(records::cluster)
                .findOne();
    }
}
