package dev.formwork.store;

import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Clock;

class H2PurgeTest extends PurgeContract {
    @TempDir Path directory;

    @Override
    Backend open() {
        return H2Backend.open(
                directory,
                H2Database.at(directory.resolve("formwork").toString()),
                Clock.systemUTC());
    }
}
