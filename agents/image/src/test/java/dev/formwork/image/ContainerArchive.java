package dev.formwork.image;

import dev.formwork.image.disk.Digests;
import dev.formwork.image.tree.ImageTree;
import dev.formwork.image.tree.TreeArchive;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/// An OCI archive with one container image: a busybox. Source: the OCI image format,
/// `image-layout.md`.
final class ContainerArchive {
    private ContainerArchive() {}

    static byte[] of(Path busybox) throws IOException {
        ByteArrayOutputStream layer = new ByteArrayOutputStream();
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        TreeArchive.write(
                ImageTree.bare()
                        .file("bin/busybox", 0755, busybox)
                        .link("bin/sh", "busybox")
                        .directory("dev", 0755)
                        .directory("proc", 0755)
                        .directory("sys", 0755),
                0,
                plain);
        try (GZIPOutputStream compressed = new GZIPOutputStream(layer)) {
            plain.writeTo(compressed);
        }
        byte[] config =
                bytes(
                        """
                        {"architecture":"amd64","os":"linux",
                         "config":{"Env":["PATH=/bin"]},
                         "rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}
                        """
                                .formatted(digest(plain.toByteArray())));
        byte[] manifest =
                bytes(
                        """
                        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
                         "config":{"mediaType":"application/vnd.oci.image.config.v1+json",
                          "digest":"sha256:%s","size":%d},
                         "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip",
                          "digest":"sha256:%s","size":%d}]}
                        """
                                .formatted(
                                        digest(config),
                                        config.length,
                                        digest(layer.toByteArray()),
                                        layer.size()));
        byte[] index =
                bytes(
                        """
                        {"schemaVersion":2,"manifests":[{"digest":"sha256:%s","size":%d,
                         "mediaType":"application/vnd.oci.image.manifest.v1+json"}]}
                        """
                                .formatted(digest(manifest), manifest.length));
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        TreeArchive.write(
                ImageTree.bare()
                        .file("oci-layout", 0644, "{\"imageLayoutVersion\":\"1.0.0\"}")
                        .file("index.json", 0644, index)
                        .file("blobs/sha256/" + digest(config), 0644, config)
                        .file("blobs/sha256/" + digest(manifest), 0644, manifest)
                        .file(
                                "blobs/sha256/" + digest(layer.toByteArray()),
                                0644,
                                layer.toByteArray()),
                0,
                archive);
        return archive.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String digest(byte[] bytes) throws IOException {
        return Digests.sha256(new ByteArrayInputStream(bytes));
    }
}
