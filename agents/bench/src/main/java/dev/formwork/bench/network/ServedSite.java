package dev.formwork.bench.network;

import dev.formwork.boot.address.Cidr;
import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.address.Octets;
import dev.formwork.boot.content.Content;
import dev.formwork.boot.content.ContentSource;
import dev.formwork.boot.content.DirectorySource;
import dev.formwork.boot.dhcp.DhcpOptions;
import dev.formwork.boot.lease.DhcpSettings;
import dev.formwork.boot.lease.JournalLeaseBook;
import dev.formwork.boot.lease.Subnet;
import dev.formwork.boot.pxe.NetworkBoot;
import dev.formwork.boot.pxe.Platform;
import dev.formwork.boot.script.Decision;
import dev.formwork.boot.script.LinuxBoot;
import dev.formwork.boot.script.MachineIdentity;
import dev.formwork.boot.script.ScriptSource;
import dev.formwork.boot.server.BootServer;
import dev.formwork.testkit.lab.Lab;
import dev.formwork.testkit.lab.Running;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The boot server of a site without the engine's store, as a process of its own: the parts that
/// `formwork boot` starts, and instead of the engine a table of who boots what. Ends when its
/// standard input does.
public final class ServedSite {
    public static final int HTTP_PORT = 8080;

    /// Where the machines' engine would be. Whoever asks there is told to come back.
    public static final int ENGINE_PORT = 9090;

    /// The path of the container OS's configuration.
    private static final String MACHINE = "machine";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private ServedSite() {}

    /// What machines of some MAC addresses boot: `kernel` and `initrd` of the folder of that name.
    ///
    /// @param macs how they begin, such as `52:54:00:77`
    public record Boots(String macs, String folder, List<String> arguments) {
        public Boots {
            arguments = List.copyOf(arguments);
        }

        private String argument() {
            return macs + " " + folder + " " + String.join(" ", arguments);
        }

        private static Boots parse(String argument) {
            List<String> words = Arrays.asList(argument.strip().split(" ", -1));
            return new Boots(words.get(0), words.get(1), words.subList(2, words.size()));
        }

        private LinuxBoot environment() {
            return new LinuxBoot(
                    folder, folder + "/kernel", List.of(folder + "/initrd"), arguments);
        }
    }

    /// @param files what is served by TFTP and HTTP
    /// @param probes whether an address is looked for before it is offered, as it is in production
    /// @param tells whether it says on its standard output what it is asked
    public record Settings(
            String link,
            Path journal,
            Path files,
            boolean probes,
            boolean tells,
            List<Boots> boots) {
        public Settings {
            boots = List.copyOf(boots);
        }

        private String[] arguments() {
            List<String> all =
                    new ArrayList<>(
                            List.of(
                                    link,
                                    journal.toString(),
                                    files.toString(),
                                    Boolean.toString(probes),
                                    Boolean.toString(tells)));
            boots.forEach(each -> all.add(each.argument()));
            return all.toArray(String[]::new);
        }

        private static Settings parse(List<String> arguments) {
            return new Settings(
                    arguments.get(0),
                    Path.of(arguments.get(1)),
                    Path.of(arguments.get(2)),
                    Boolean.parseBoolean(arguments.get(3)),
                    Boolean.parseBoolean(arguments.get(4)),
                    arguments.stream().skip(5).map(Boots::parse).toList());
        }
    }

    /// Starts one in a namespace; it is ready then. `FORMWORK_JAVA_OPTIONS` has flags for its JVM.
    public static Running start(Lab lab, String namespace, Settings settings) throws Exception {
        Running site =
                lab.program(
                        "boot server",
                        namespace,
                        Optional.ofNullable(System.getenv("FORMWORK_JAVA_OPTIONS")).stream()
                                .flatMap(all -> Arrays.stream(all.strip().split("\\s+", -1)))
                                .filter(each -> !each.isEmpty())
                                .toList(),
                        ServedSite.class.getName(),
                        settings.arguments());
        site.await("READY"::equals, "READY", PATIENCE);
        return site;
    }

    public static void main(String[] arguments) throws IOException {
        Settings settings = Settings.parse(List.of(arguments));
        ContentSource files =
                ContentSource.firstOf(
                        List.of(
                                new ScriptSource((machine, _) -> decide(settings, machine)),
                                asked ->
                                        asked.path().equals(MACHINE)
                                                ? Optional.of(configuration(asked))
                                                : Optional.empty(),
                                new DirectorySource(settings.files())));
        ContentSource content =
                settings.tells()
                        ? asked -> {
                            say("ASK " + asked.path() + " " + asked.client());
                            return files.find(asked);
                        }
                        : files;
        NetworkBoot boot =
                new NetworkBoot(
                        Map.of(Platform.BIOS, "undionly.kpxe", Platform.UEFI_AMD64, "snponly.efi"),
                        HTTP_PORT,
                        "/" + ScriptSource.FIRST);
        DhcpSettings dhcp = new DhcpSettings(subnets(), Set.of(), Set.of(), settings.probes());
        try (JournalLeaseBook book = new JournalLeaseBook(settings.journal());
                ServerSocket engine = new ServerSocket();
                BootServer _ =
                        BootServer.start(
                                new BootServer.Settings(
                                        List.of(settings.link()), dhcp, false, boot),
                                book,
                                content,
                                Clock.systemUTC(),
                                seen -> say("SEEN " + seen.code() + " " + seen.detail()))) {
            engine.bind(new InetSocketAddress(ENGINE_PORT));
            Thread.ofPlatform().name("engine").daemon().start(() -> refuseAll(engine));
            say("READY");
            while (System.in.read() >= 0) {
                // Until the benchmark ends.
            }
        }
    }

    /// Of the segment itself, and behind the relay agent.
    private static List<Subnet> subnets() {
        return List.of(
                subnet("10.77.0.0/24", "10.77.0.100", "10.77.0.199", "10.77.0.1"),
                subnet(Segment.RELAYED, Segment.FIRST, Segment.LAST, Segment.RELAY));
    }

    private static Subnet subnet(String network, String first, String last, String router) {
        return new Subnet(
                Cidr.parse(network),
                List.of(new Subnet.Range(Ipv4.parse(first), Ipv4.parse(last))),
                List.of(),
                List.of(Ipv4.parse(router)),
                List.of(),
                "",
                Duration.ofHours(1),
                DhcpOptions.NONE);
    }

    private static Decision decide(Settings settings, MachineIdentity machine) {
        return settings.boots().stream()
                .filter(each ->
                        machine.macs().stream()
                                .anyMatch(mac -> mac.toString().startsWith(each.macs())))
                .findFirst()
                .<Decision>map(each -> new Decision.Boot(each.environment()))
                .orElseGet(() -> new Decision.Refuse("not of this benchmark"));
    }

    /// What the container OS wants to know (docs/container-os.md).
    private static Content configuration(ContentSource.Asked asked) {
        String host = asked.server().replaceAll(":.*", "");
        return new Content.Rendered(
                Octets.ofText(
                        "formwork-boot 1\nengine http://"
                                + host
                                + ":"
                                + ENGINE_PORT
                                + "\ntoken bench\n"));
    }

    private static void refuseAll(ServerSocket engine) {
        while (!engine.isClosed()) {
            try (Socket client = engine.accept();
                    BufferedReader lines =
                            new BufferedReader(
                                    new InputStreamReader(
                                            client.getInputStream(),
                                            StandardCharsets.ISO_8859_1))) {
                client.setSoTimeout(5_000);
                String line = lines.readLine();
                say("ENGINE " + line + " " + client.getInetAddress().getHostAddress());
                client.getOutputStream()
                        .write(
                                "HTTP/1.1 503 Later\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                                        .getBytes(StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                say("ENGINE lost " + e);
            }
        }
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
