package dev.formwork.server.cluster;

import dev.formwork.model.value.Value;
import dev.formwork.server.run.RunView;
import dev.formwork.workflow.cluster.Cluster;
import dev.formwork.workflow.machine.Machine;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// `Cluster` of the API.
record ClusterView(
        String name,
        List<String> formed,
        List<MemberView> members,
        Value.Struct outputs,
        Optional<RunView> lastRun) {

    record MemberView(
            String group,
            int ordinal,
            String name,
            String machine,
            String state,
            boolean standing,
            Optional<String> address,
            Optional<String> provider) {
        static MemberView of(Machine machine, Machine.Placement at) {
            return new MemberView(
                    at.group(),
                    at.ordinal(),
                    machine.name(),
                    machine.id().value(),
                    machine.state().name().toLowerCase(Locale.ROOT),
                    at.standing(),
                    machine.address(),
                    machine.provider());
        }
    }

    /// @param recorded empty while its first run has not succeeded
    static ClusterView of(
            String name,
            Optional<Cluster> recorded,
            Collection<Machine> machines,
            Optional<RunView> lastRun) {
        return new ClusterView(
                name,
                recorded.map(cluster -> List.copyOf(cluster.formed())).orElse(List.of()),
                machines.stream()
                        .flatMap(machine ->
                                machine
                                        .placement()
                                        .filter(at -> at.cluster().equals(name))
                                        .map(at -> MemberView.of(machine, at))
                                        .stream())
                        .sorted(
                                Comparator.comparing(MemberView::group)
                                        .thenComparingInt(MemberView::ordinal))
                        .toList(),
                recorded.map(Cluster::outputs).orElse(Value.Struct.EMPTY),
                lastRun);
    }
}
