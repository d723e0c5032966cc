package dev.formwork.server.boot;

import dev.formwork.boot.address.Octets;
import dev.formwork.boot.content.Content;
import dev.formwork.boot.content.ContentSource;
import dev.formwork.model.MachineId;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The files of boot environments, made for each machine, and where installers say that they have
/// done their work. Who knows a machine's id may ask: it is in nothing but what the machine boots.
final class FileSource implements ContentSource {
    static final String FILES = "boot/files/";
    static final String DONE = "boot/done/";

    private static final Pattern FILE = Pattern.compile(FILES + "([0-9a-z-]{1,64})/(.+)");
    private static final Pattern DONE_BY = Pattern.compile(DONE + "([0-9a-z-]{1,64})");

    private final EngineAsked engine;

    FileSource(EngineAsked engine) {
        this.engine = engine;
    }

    @Override
    public Optional<Content> find(Asked asked) {
        Matcher file = FILE.matcher(asked.path());
        if (file.matches()) {
            MachineId machine = new MachineId(file.group(1));
            return Optional.of(text(engine.file(machine, file.group(2), asked.server())));
        }
        Matcher done = DONE_BY.matcher(asked.path());
        if (done.matches()) {
            engine.installed(new MachineId(done.group(1)));
            return Optional.of(text("ok\n"));
        }
        return Optional.empty();
    }

    private static Content text(String text) {
        return new Content.Rendered(Octets.of(text.getBytes(StandardCharsets.UTF_8)));
    }
}
