package dev.formwork.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.provider.AgentLaunch;
import dev.formwork.server.EngineServer;
import dev.formwork.server.RunningServer;
import dev.formwork.server.ServeConfig;
import dev.formwork.server.tls.TlsAddress;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The commands as people of another host type them: the token and the CA were carried there.
class TlsIT {
    @TempDir private Path folder;
    private RunningServer engine;
    private String url = "";
    private Sessions here;
    private Sessions there;

    @BeforeEach
    void start() throws IOException {
        Path data = folder.resolve("data");
        engine =
                EngineServer.start(
                        ServeConfig.of(
                                        data,
                                        List.of(),
                                        new AgentLaunch(List.of("/bin/false")),
                                        "test")
                                .withPort(0)
                                .withEngineAgent(false)
                                .withConsole(false)
                                .withTls(TlsAddress.parse("127.0.0.1:0")));
        url = engine.secureUri().orElseThrow().toString();
        here = new Sessions(folder).with("FORMWORK_HOME", data.toString());
        there = new Sessions(folder).with("FORMWORK_HOME", folder.resolve("far").toString());
        Files.createDirectory(folder.resolve("far"));
        Files.copy(data.resolve("api-token"), folder.resolve("token"));
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    @Test
    void callsAnEngineUnderTheCaThatIsNamed() throws IOException {
        assertThat(here.run("ca")).isZero();
        Path ca = Files.writeString(folder.resolve("ca.pem"), here.out());
        assertThat(here.out()).startsWith("-----BEGIN CERTIFICATE-----\n");
        String told = here.err();
        assertThat(here.run("ca", "--fingerprint")).isZero();
        assertThat(here.out().strip()).matches("([0-9A-F]{2}:){31}[0-9A-F]{2}");
        assertThat(told).contains(here.out().strip());

        assertThat(status("--ca-file", ca.toString())).as(there.err()).isZero();
        there.with("FORMWORK_CA_FILE", ca.toString());
        assertThat(status()).as(there.err()).isZero();
        assertThat(there.run("ca", "-o", "json", "--url", url, "--token-file", "token")).isZero();
        assertThat(there.out()).contains("\"sha256\": ");
    }

    @Test
    void findsTheCaBesideTheTokenWhereNoneIsNamed() throws IOException {
        Files.copy(folder.resolve("data/ca.pem"), folder.resolve("far/ca.pem"));
        assertThat(status()).as(there.err()).isZero();
    }

    @Test
    void tellsTheTokenToNobodyElse() throws IOException {
        assertThat(status()).isEqualTo(1);
        assertThat(there.err()).contains("cli.no-engine").contains(url);

        Path other = Files.writeString(folder.resolve("other.pem"), "not a certificate");
        assertThat(status("--ca-file", other.toString())).isEqualTo(1);
        assertThat(there.err()).contains("tls.bad-ca-file", "formwork ca");
    }

    @Test
    void serveWantsToKnowWhoSaysAName() {
        assertThat(here.run("serve", "--name", "engine.example")).isEqualTo(64);
        assertThat(here.err()).contains("--agents");
        assertThat(there.run("serve", "--agents", "0.0.0.0")).isEqualTo(1);
        assertThat(there.err()).contains("server.needs-name", "--name");
    }

    private int status(String... more) {
        ArrayList<String> arguments =
                new ArrayList<>(List.of("status", "--url", url, "--token-file", "token"));
        arguments.addAll(List.of(more));
        return there.run(arguments.toArray(String[]::new));
    }
}
