package dev.formwork.workflow.engine;

import dev.formwork.model.module.Repeat;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.store.Store;

import java.time.Instant;

/// Loads cores in which a safeguard is broken on purpose.
public final class WeakenedCore {
    private WeakenedCore() {}

    public static EngineCore withoutFencing(Store store, EngineParts parts, Instant now) {
        return EngineCore.load(
                store,
                parts,
                new Safeguards() {
                    @Override
                    public boolean current(long token, long fencing) {
                        return true;
                    }
                },
                now);
    }

    public static EngineCore runningAgainWhatWasLost(Store store, EngineParts parts, Instant now) {
        return EngineCore.load(
                store,
                parts,
                new Safeguards() {
                    @Override
                    public Repeat afterLoss(Repeat declared) {
                        return Repeat.IDEMPOTENT;
                    }
                },
                now);
    }

    public static EngineCore givingAMutexToAll(Store store, EngineParts parts, Instant now) {
        return EngineCore.load(
                store,
                parts,
                new Safeguards() {
                    @Override
                    public boolean admits(int holders, int max) {
                        return true;
                    }
                },
                now);
    }

    public static EngineCore givingMachinesToAll(Store store, EngineParts parts, Instant now) {
        return EngineCore.load(
                store,
                parts,
                new Safeguards() {
                    @Override
                    public boolean holdsMachines() {
                        return false;
                    }
                },
                now);
    }

    public static EngineCore forgettingWhoWaits(Store store, EngineParts parts, Instant now) {
        return EngineCore.load(
                store,
                parts,
                new Safeguards() {
                    @Override
                    public boolean looksAfterWaiting() {
                        return false;
                    }
                },
                now);
    }

    public static EngineCore givingMachinesTwice(Store store, EngineParts parts, Instant now) {
        return EngineCore.load(
                store,
                parts,
                new Safeguards() {
                    @Override
                    public boolean mayGive(boolean free) {
                        return true;
                    }
                },
                now);
    }

    public static EngineCore leavingRemains(Store store, EngineParts parts, Instant now) {
        return EngineCore.load(
                store,
                parts,
                new Safeguards() {
                    @Override
                    public boolean clearsPlaces() {
                        return false;
                    }
                },
                now);
    }

    /// One node in eight, always the same.
    private static boolean isStruck(NodeKey node) {
        return Math.floorMod(node.toString().hashCode(), 8) == 0;
    }

    /// One node in eight is not told that nothing blocks it any more.
    public static EngineCore losingWakeUps(Store store, EngineParts parts, Instant now) {
        return EngineCore.load(
                store,
                parts,
                new Safeguards() {
                    @Override
                    public boolean frees(NodeKey node) {
                        return !isStruck(node);
                    }
                },
                now);
    }

    /// Where one node in eight would be told that nothing blocks it any more.
    public static EngineCore throwing(Store store, EngineParts parts, Instant now) {
        return EngineCore.load(
                store,
                parts,
                new Safeguards() {
                    @Override
                    public boolean frees(NodeKey node) {
                        if (isStruck(node)) {
                            throw new IllegalStateException("broken on purpose at " + node);
                        }
                        return true;
                    }
                },
                now);
    }
}
