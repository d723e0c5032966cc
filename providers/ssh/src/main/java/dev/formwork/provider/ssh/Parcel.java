package dev.formwork.provider.ssh;

import dev.formwork.provider.Digests;
import dev.formwork.provider.ssh.connection.Upload;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/// Files that go to a host together, below a directory that is named by their digest.
///
/// @param digest of all names and contents
record Parcel(String digest, List<Upload> files) {
    Parcel {
        files = List.copyOf(files);
    }

    static Parcel of(List<Upload> files) throws IOException {
        List<Upload> sorted = files.stream().sorted(Comparator.comparing(Upload::name)).toList();
        StringBuilder all = new StringBuilder();
        for (Upload file : sorted) {
            all.append(file.name())
                    .append(file.isProgram() ? " program " : " file ")
                    .append(digest(file))
                    .append('\n');
        }
        return new Parcel(Digests.hex(all.toString()).substring(0, 32), sorted);
    }

    /// Where it is, once it is there.
    String on(String directory) {
        return directory + "/sets/" + digest;
    }

    private static String digest(Upload file) throws IOException {
        try (InputStream in = Files.newInputStream(file.source());
                DigestInputStream digested =
                        new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            digested.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digested.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
