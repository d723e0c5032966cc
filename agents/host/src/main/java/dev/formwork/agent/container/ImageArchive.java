package dev.formwork.agent.container;

import dev.formwork.agent.archive.TarReader;
import dev.formwork.agent.container.ImageJson.Descriptor;
import dev.formwork.agent.container.ImageJson.Manifest;
import dev.formwork.agent.protocol.ContainerSpec;
import dev.formwork.agent.runner.RunnerException;
import dev.formwork.agent.transport.UnwantedException;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.security.MessageDigest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Takes an image out of an OCI image layout in a tar archive, as it streams by. Source: the OCI
/// image format, `image-layout.md`.
final class ImageArchive {
    private static final int LARGEST_DOCUMENT = 4 << 20;
    private static final long LARGEST = 16L << 30;
    private static final Pattern BLOB = Pattern.compile("(?:\\./)?blobs/sha256/([0-9a-f]{64})");

    private final ContainerSpec.Archive archive;
    private final Web web;

    ImageArchive(ContainerSpec.Archive archive, Web web) {
        this.archive = archive;
        this.web = web;
    }

    /// Brings in all that the archive has.
    ///
    /// @return the image in it, for the platform
    /// @throws RunnerException `agent.image-digest` where it is another archive
    Descriptor fetch(Blobs blobs, Target target)
            throws IOException, RunnerException, UnwantedException {
        MessageDigest digest = Blobs.sha256();
        byte[] index;
        try (Web.Answer answer = web.get(uri(), "*/*", null);
                InputStream in = new Wire(answer, digest)) {
            index = read(in, blobs);
            in.transferTo(OutputStream.nullOutputStream());
        }
        Blobs.requireSame("sha256:" + archive.sha256(), "sha256:" + Blobs.hex(digest));
        if (index == null) {
            throw Blobs.invalid("there is no index.json in it");
        }
        Descriptor chosen = target.choose(ImageJson.read(index, Manifest.class).manifests());
        Manifest nested = ImageJson.read(blobs.document(chosen), Manifest.class);
        return nested.manifests().isEmpty() ? chosen : target.choose(nested.manifests());
    }

    private URI uri() throws RunnerException {
        try {
            URI uri = URI.create(archive.url());
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw Blobs.invalid("its address is none of http or https");
    }

    private byte @Nullable [] read(InputStream in, Blobs blobs)
            throws IOException, RunnerException, UnwantedException {
        byte[] index = null;
        TarReader tar = new TarReader(in);
        try {
            for (TarReader.Header each = tar.next(); each != null; each = tar.next()) {
                web.refuseUnwanted();
                Matcher blob = BLOB.matcher(each.path());
                if (each.type() != '0') {
                    continue;
                }
                if (blob.matches()) {
                    String digest = "sha256:" + blob.group(1);
                    if (!blobs.has(digest)) {
                        blobs.put(digest, tar::copyTo);
                    }
                } else if (each.path().matches("(\\./)?index\\.json")) {
                    if (each.size() > LARGEST_DOCUMENT) {
                        throw Blobs.invalid("its index.json is too large");
                    }
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    tar.copyTo(bytes);
                    index = bytes.toByteArray();
                }
            }
        } catch (TarReader.DamagedException e) {
            throw Blobs.invalid(String.valueOf(e.getMessage()));
        }
        return index;
    }

    /// Tells failures of the network from those of the disk, ends what does not end, and counts
    /// what is skipped in the digest too.
    private static final class Wire extends InputStream {
        private final Web.Answer answer;
        private final MessageDigest digest;
        private long left = LARGEST;

        Wire(Web.Answer answer, MessageDigest digest) {
            this.answer = answer;
            this.digest = digest;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read;
            try {
                read = answer.body().read(bytes, offset, length);
            } catch (IOException e) {
                throw failed(e.getMessage(), e);
            }
            if (read > 0) {
                digest.update(bytes, offset, read);
                left -= read;
            }
            if (left < 0) {
                throw failed("it does not end", null);
            }
            return read;
        }

        private FetchException failed(@Nullable String why, @Nullable IOException cause) {
            return new FetchException(Web.shown(answer.from()) + ": " + why, cause);
        }
    }
}
