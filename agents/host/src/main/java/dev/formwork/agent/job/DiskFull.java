package dev.formwork.agent.job;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/// Recognises the one failure of a disk that people can mend at once. Java has no type for it, only
/// the words of the C library, which do not depend on the locale unless the JVM is told so.
final class DiskFull {
    private DiskFull() {}

    static boolean isCause(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (says(cause.getMessage())) {
                return true;
            }
        }
        return false;
    }

    private static boolean says(@Nullable String message) {
        return message != null
                && (message.contains("No space left on device")
                        || message.contains("Disk quota exceeded"));
    }
}
