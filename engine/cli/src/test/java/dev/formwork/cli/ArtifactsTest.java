package dev.formwork.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// `formwork artifacts`, from one site to another that has no way to the internet.
class ArtifactsTest {
    private static final String DIGEST =
            "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73";

    @TempDir private Path folder;

    private Sessions at(String site) {
        return new Sessions(folder).with("FORMWORK_HOME", folder.resolve(site).toString());
    }

    @Test
    void goFromSiteToSiteByTheirDigests() throws IOException {
        Files.writeString(folder.resolve("file"), "content");
        Sessions here = at("here");
        Sessions there = at("there");

        assertThat(here.run("artifacts", "import", "file")).isZero();
        assertThat(here.out()).startsWith(DIGEST + "  ").contains("file");
        assertThat(here.run("artifacts", "list")).isZero();
        assertThat(here.out()).isEqualTo(DIGEST + " 7\n");
        assertThat(here.run("artifacts", "export", "usb")).isZero();

        assertThat(there.run("artifacts", "list")).isZero();
        assertThat(there.out()).isEqualTo("No artifacts.\n");
        assertThat(there.run("artifacts", "import", "usb")).isZero();
        assertThat(there.run("artifacts", "list", "-o", "json")).isZero();
        assertThat(there.out()).contains("\"" + DIGEST + "\"", "7");
        assertThat(folder.resolve("there/artifacts").resolve(DIGEST)).hasContent("content");
    }

    @Test
    void saysWhatItCannotDo() {
        Sessions here = at("here");

        assertThat(here.run("artifacts", "import", "nothing")).isNotZero();
        assertThat(here.err()).contains("artifact.unreadable", "nothing");
        assertThat(here.run("artifacts", "export", "usb", DIGEST)).isNotZero();
        assertThat(here.err()).contains("artifact.not-found");
        assertThat(here.run("artifacts", "export", "usb", "../../etc/passwd")).isNotZero();
        assertThat(here.err()).contains("artifact.bad-digest");
        assertThat(folder.resolve("usb")).doesNotExist();
        assertThat(here.run("artifacts")).isNotZero();
        assertThat(here.err()).contains("list, import, export");
    }
}
