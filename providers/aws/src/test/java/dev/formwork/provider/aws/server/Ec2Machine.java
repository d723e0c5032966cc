package dev.formwork.provider.aws.server;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// One instance of the account. What changes is guarded by the account.
final class Ec2Machine {
    /// As EC2 numbers them.
    enum State {
        PENDING(0, "pending"),
        RUNNING(16, "running"),
        SHUTTING_DOWN(32, "shutting-down"),
        TERMINATED(48, "terminated"),
        STOPPING(64, "stopping"),
        STOPPED(80, "stopped");

        private final int code;
        private final String word;

        State(int code, String word) {
            this.code = code;
            this.word = word;
        }

        int code() {
            return code;
        }

        String word() {
            return word;
        }
    }

    /// A disk that was made with it.
    record Volume(
            String id,
            String device,
            int gigabytes,
            String type,
            boolean encrypted,
            boolean deleteOnTermination,
            Map<String, String> tags) {}

    /// How it was asked for, for as long as it is.
    record Birth(
            String id,
            String reservation,
            String clientToken,
            Map<String, String> parameters,
            Ec2Account.Image image,
            Ec2Account.Subnet subnet,
            List<Ec2Account.Group> groups,
            Instant at,
            String privateAddress,
            @Nullable String publicAddress) {

        String parameter(String name, String fallback) {
            return parameters.getOrDefault(name, fallback);
        }
    }

    final Birth birth;
    final Map<String, String> tags = new TreeMap<>();
    final List<Volume> volumes = new ArrayList<>();
    final ByteArrayOutputStream console = new ByteArrayOutputStream();
    State state = State.PENDING;
    Instant startedAt;
    String reason = "";
    String reasonMessage = "";

    /// How often it was started anew.
    int reboots;

    /// How often it will still not be seen.
    int hidden;

    private boolean half;

    Ec2Machine(Birth birth, int hidden) {
        this.birth = birth;
        this.hidden = hidden;
        this.startedAt = birth.at();
    }

    void enter(State next, String why, String message) {
        state = next;
        reason = why;
        reasonMessage = message;
        half = false;
        if (next == State.TERMINATED) {
            terminate();
        }
    }

    /// Some time goes by: with the second time, what is between two states reaches the other.
    void pass() {
        if (!half) {
            half = true;
            return;
        }
        switch (state) {
            case PENDING -> state = State.RUNNING;
            case STOPPING -> state = State.STOPPED;
            case SHUTTING_DOWN -> terminate();
            case RUNNING, STOPPED, TERMINATED -> {}
        }
    }

    private void terminate() {
        state = State.TERMINATED;
        volumes.removeIf(Volume::deleteOnTermination);
    }
}
