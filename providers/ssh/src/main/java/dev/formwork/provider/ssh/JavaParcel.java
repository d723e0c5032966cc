package dev.formwork.provider.ssh;

import dev.formwork.provider.LinkedJava;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.ssh.connection.Upload;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// The files of a Java runtime for hosts without one, looked at once. Thread-safe.
final class JavaParcel {
    private final LinkedJava java;
    private final ReentrantLock making = new ReentrantLock();
    private @Nullable Parcel made;

    JavaParcel(LinkedJava java) {
        this.java = java;
    }

    /// The files: `bin/java` and what goes with it.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.unavailable` where it cannot be made,
    ///   `provider.interrupted`
    Parcel files() {
        try {
            making.lockInterruptibly();
            try {
                Parcel parcel = made;
                if (parcel == null) {
                    parcel = parcel(java.root());
                    made = parcel;
                }
                return parcel;
            } finally {
                making.unlock();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ProviderCode.INTERRUPTED.problem(
                    "interrupted while a Java runtime was linked", "ask again", interrupted);
        } catch (IOException failed) {
            throw ProviderCode.UNAVAILABLE.problem(
                    "no Java runtime can be made for hosts: " + failed.getMessage(),
                    "install Java 25 on the hosts and name it with the setting java",
                    failed);
        }
    }

    private static Parcel parcel(Path root) throws IOException {
        List<Upload> files = new ArrayList<>();
        for (Path file : LinkedJava.files(root)) {
            String name = root.toRealPath().relativize(file).toString();
            files.add(new Upload(name, file, Files.isExecutable(file)));
        }
        return Parcel.of(files);
    }
}
