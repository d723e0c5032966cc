package dev.formwork.agent.container;

import com.fasterxml.jackson.annotation.JsonProperty;

import dev.formwork.agent.protocol.ProtocolException;
import dev.formwork.agent.protocol.ProtocolJson;
import dev.formwork.agent.runner.RunnerException;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// The documents of an OCI image, as much of them as is needed. Source: the OCI image format.
final class ImageJson {
    private ImageJson() {}

    /// @param size in bytes
    record Descriptor(
            @Nullable String mediaType,
            @Nullable String digest,
            long size,
            @Nullable Platform platform) {}

    record Platform(@Nullable String os, @Nullable String architecture) {}

    /// An image for one platform, or an index of such.
    ///
    /// @param config of an image
    /// @param layers of an image, from the lowest
    /// @param manifests of an index
    record Manifest(
            @Nullable Descriptor config, List<Descriptor> layers, List<Descriptor> manifests) {
        Manifest {
            layers = layers == null ? List.of() : List.copyOf(layers);
            manifests = manifests == null ? List.of() : List.copyOf(manifests);
        }
    }

    record Config(@Nullable Defaults config) {}

    /// @param environment `NAME=value`
    record Defaults(@JsonProperty("Env") @Nullable List<String> environment) {}

    /// @param token or
    /// @param accessToken what opens the registry
    record Token(
            @Nullable String token, @JsonProperty("access_token") @Nullable String accessToken) {}

    /// @throws RunnerException `agent.image-invalid`
    static <T> T read(byte[] json, Class<T> type) throws RunnerException {
        try {
            return ProtocolJson.read(json, type);
        } catch (ProtocolException e) {
            throw new RunnerException("agent.image-invalid", e.detail());
        }
    }
}
