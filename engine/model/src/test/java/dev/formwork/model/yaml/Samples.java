package dev.formwork.model.yaml;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.module.FileTree;
import dev.formwork.model.module.LoadedModule;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Files that tests load, and ways to load them.
final class Samples {
    static final String TASK =
            """
            kind: Task
            name: etcd/member
            version: 1.0.0
            summary: Starts one etcd member and waits until it answers.
            provides: [kv-member]
            inputs:
              client_port: {type: integer, default: 2379, minimum: 1, maximum: 65535}
              initial_cluster: {type: string, on_change: ignore}
              key: {type: string, secret: true}
              names:
                type: array
                items: {type: [string, 'null'], pattern: '^[a-z]+$'}
                minItems: 1
            outputs:
              client_url: {type: string, format: uri}
              token: {type: string, secret: true}
            effects: [service-restart, network-cut]
            repeat: verify-first
            runner: shell
            check: scripts/check.sh
            run: scripts/start.sh
            undo: {inline: "rm -rf state"}
            timeout: 1h30m
            """;

    static final String WORKFLOW =
            """
            kind: Workflow
            name: etcd-cluster
            version: 1.0.0
            provides: [kv-store]
            requires: [etcd/package]
            groups: [members]
            inputs:
              client_port: {type: integer, default: 2379}
            steps:
              package: {on: members, uses: etcd/package}
              ca:      {on: engine,  uses: pki/ca}
              grow:
                for_each: groups.members.joining
                on: peer
                uses: etcd/add-member
                with: {name: "${{ item.name }}", url: "${{ 'https://' + item.address }}"}
              member:
                on: members
                uses: etcd/member
                with:
                  client_port: ${{ inputs.client_port }}
                  ca: ${{ steps.ca.outputs.certificate }}
                retry: {times: 3, delay: 5s}
                until: {condition: "${{ outputs.ready }}", max: 30, delay: 10s}
                strategy: {max_parallel: 1, canary: 10%, max_failures: 0%, gate: health, when: changing}
              health:
                on: members[0]
                uses: etcd/health
                when: ${{ inputs.client_port > 0 }}
                needs: {member: all, package: same}
                timeout: 500ms
                partial: true
              inner:
                groups: {workers: members}
                uses: other-workflow
                needs: [health, ca]
                bind: {etcd/package: etcd/from-archive}
                for_each: {in: "['a', 'b']", max: 2}
            outputs:
              endpoints: ${{ steps.member.all.outputs.client_url }}
              key: {value: "${{ steps.ca.outputs.key }}", secret: true, type: string}
            """;

    static final String INTERFACE =
            """
            kind: Interface
            name: container-runtime
            summary: Something on the machine that runs OCI containers.
            outputs: {socket: {type: string}, version: {type: string}}
            """;

    static final String BOOT_ENVIRONMENT =
            """
            kind: BootEnvironment
            name: os/debian-installer
            version: 1.0.0
            summary: Installs Debian onto the first disk.
            inputs:
              domain: {type: string, default: lab}
            kernel: {url: "https://example.org/linux", sha256: %1$s}
            initrds: [{url: "http://example.org/initrd.gz", sha256: %1$s}]
            arguments:
              - auto=true
              - url=${{ boot.files }}/preseed.cfg
            files:
              preseed.cfg: |
                d-i netcfg/get_hostname string ${{ machine.name }}
              late.sh: {file: scripts/start.sh}
              text/motd: {text: "$${{ stays }}"}
              config.ign: {json: {ignition: {version: 3.4.0}, storage: {files: ["${{ inputs.domain }}"]}}}
            installs: true
            """
                    .formatted("0a".repeat(32));

    static final String CLUSTER =
            """
            kind: Cluster
            name: demo
            workflow: etcd-cluster
            profiles: [small, europe]
            groups:
              members: {count: 3, provider: local, machine: {memory: 1}, bind: {a: b}}
              others: {machines: [m1, m2], profiles: [big], with: {client_port: 1}}
              spread:
                count: 5
                place:
                  - {provider: racks, most: 3, machine: {group: web}}
                  - {provider: aws, weight: 2, when: "${{ machine.ordinal > 0 }}"}
                on_quota: next
                prefer: cheapest
            bind: {etcd/package: etcd/from-distribution}
            with:
              client_port: 2379
              endpoints: ${{ clusters.store.outputs.endpoints }}
              text: at ${{ clusters.store.outputs.host }}:$${{ literal }}
              nested: {a: [1, "${{ {'b': {'c': '}}'}} }}"]}
            """;

    static final String PROFILE =
            """
            kind: Profile
            name: small
            summary: For a desk.
            values: {client_port: 2379, tags: [a, b], none: null}
            """;

    static final String POOL =
            """
            kind: Pool
            name: metal
            where: ${{ machine.facts.memory_mb >= 32000 }}
            make: {provider: local, machine: {memory: 1}, most: 10, keep: 2}
            clean: power-off
            """;

    static final String BOOT_SERVER =
            """
            kind: BootServer
            image: ../image
            ignition: machines.ign
            http: 127.0.0.1:0
            links: [br0]
            http_port: 8080
            proxy: true
            programs: /usr/lib/ipxe
            ask: true
            strangers: refuse
            engines: ['https://10.77.0.1:7475']
            arguments: [console=ttyS1]
            mirrors: [mirror.lab, 10.0.0.0/8]
            known_servers: [10.77.0.2]
            subnets:
              - network: 10.77.0.0/24
                ranges: [10.77.0.100-10.77.0.199]
                routers: [10.77.0.1]
                name_servers: [10.77.0.1]
                domain: lab
                lease: 1h
                reservations:
                  - {mac: '52:54:00:00:00:01', address: 10.77.0.11, name: one}
            """;

    static final String PRICES =
            """
            kind: Prices
            currency: EUR
            prices:
              - {provider: aws, machine: {type: m7g.large}, per_hour: 0.0816}
              - {provider: racks, per_hour: '2'}
            """;

    static final String PACK =
            """
            kind: Pack
            name: standard
            version: 0.1.0-rc.1+build.5
            summary: The modules that come with Formwork.
            defaults: {client_port: 2380}
            """;

    static final String TEST =
            """
            kind: Test
            name: grows without work on the members that stand
            machines: {members: {count: 5, standing: 3}}
            with: {client_port: 2379}
            bind: {etcd/package: etcd/from-distribution}
            expect:
              nodes: [ca@engine, 'grow[test-members-3]@test-members-0', inner/health@test-members-0]
              order: [[ca@engine, 'undo:member@test-members-1']]
              effects: {service-restart: 2}
              outcome: succeeded
              outputs: {version: 9.9.9, bin: {matches: '^/'}, list: [a, b]}
              log: {contains: etcd has ended}
            """;

    private Samples() {}

    static FileTree tree(Map<String, String> files) {
        Map<String, byte[]> bytes = new HashMap<>();
        files.forEach((path, text) -> bytes.put(path, text.getBytes(StandardCharsets.UTF_8)));
        return new FileTree(bytes);
    }

    /// A module's folder with the two scripts that [#TASK] names.
    static FileTree folder(String yaml) {
        return tree(
                Map.of(
                        "module.yaml", yaml,
                        "scripts/start.sh", "exec etcd",
                        "scripts/check.sh", "exit 0"));
    }

    static LoadedModule module(String yaml) {
        return ModuleLoader.load(folder(yaml));
    }

    /// What is wrong, one line each; empty where nothing is.
    static List<String> problems(Runnable load) {
        try {
            load.run();
            return List.of();
        } catch (ProblemException e) {
            return e.problems().stream().map(Problem::toString).toList();
        }
    }

    static List<String> moduleProblems(String yaml) {
        return problems(() -> module(yaml));
    }
}
