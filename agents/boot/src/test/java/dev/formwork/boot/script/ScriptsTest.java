package dev.formwork.boot.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.boot.address.HardwareAddress;
import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.address.Octets;
import dev.formwork.boot.content.Content;
import dev.formwork.boot.content.ContentSource;
import dev.formwork.model.ProblemException;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

final class ScriptsTest {
    private static final LinuxBoot ENVIRONMENT =
            new LinuxBoot(
                    "debian",
                    "sha256/ab/kernel",
                    List.of("sha256/cd/initrd", "sha256/ef/more"),
                    List.of("console=ttyS0,115200n8", "ip=dhcp", "url=http://10.0.0.1/x?y=1&z=2"));

    @Test
    void writesTheScriptThatAsksWhoTheMachineIs() {
        String script = serve("boot.ipxe", "", new Decision.LocalDisk());

        assertThat(script)
                .startsWith(
                        "#!ipxe\n"
                                + "chain --autofree http://10.0.0.1:8080/boot/script?mac=${netX/mac}&")
                .contains("&serial=${serial:hex}&")
                .endsWith("\nreboot\n");
        assertThat(serve("boot.ipxe", "mac=evil", new Decision.LocalDisk())).isEqualTo(script);
    }

    @Test
    void writesWhatAMachineBoots() {
        assertThat(serve("boot/script", "", new Decision.Boot(ENVIRONMENT)))
                .isEqualTo(
                        """
                        #!ipxe
                        echo Formwork boots debian
                        kernel http://10.0.0.1:8080/sha256/ab/kernel initrd=initrd0 initrd=initrd1 \
                        console=ttyS0,115200n8 ip=dhcp url=http://10.0.0.1/x?y=1&z=2 || goto failed
                        initrd --name initrd0 http://10.0.0.1:8080/sha256/cd/initrd || goto failed
                        initrd --name initrd1 http://10.0.0.1:8080/sha256/ef/more || goto failed
                        boot || goto failed
                        :failed
                        echo Formwork cannot boot debian. Starting again in 30 seconds.
                        sleep 30
                        reboot
                        """);
        assertThat(serve("boot/grub.cfg", "", new Decision.Boot(ENVIRONMENT)))
                .isEqualTo(
                        """
                        echo 'Formwork boots debian'
                        linux '(http,10.0.0.1:8080)/sha256/ab/kernel' 'console=ttyS0,115200n8' \
                        'ip=dhcp' 'url=http://10.0.0.1/x?y=1&z=2'
                        initrd '(http,10.0.0.1:8080)/sha256/cd/initrd' \
                        '(http,10.0.0.1:8080)/sha256/ef/more'
                        boot
                        """);
    }

    @Test
    void goesOnToTheDiskAsTheFirmwareWantsIt() {
        assertThat(serve("boot/script", "platform=efi", new Decision.LocalDisk()))
                .contains("\nexit 1\n")
                .doesNotContain("sanboot");
        assertThat(serve("boot/script", "platform=pcbios", new Decision.LocalDisk()))
                .contains("\nsanboot --no-describe --drive 0x80 || exit 1\n");
    }

    @Test
    void readsWhoAMachineIs() {
        MachineIdentity machine =
                MachineIdentity.parse(
                        "mac=52%3A54%3a00:00:00:01&mac=52-54-00-00-00-02&mac=&mac=52:54:00:00:00:01"
                                + "&uuid=4C4C4544-0044-4210-8031-C2C04F4A3332&serial=41:20:42&asset="
                                + "&manufacturer=44:65:6c:6C:x&arch=x86_64&platform=efi&more");

        assertThat(machine.macs())
                .containsExactly(
                        HardwareAddress.parse("52:54:00:00:00:01"),
                        HardwareAddress.parse("52:54:00:00:00:02"));
        assertThat(machine.uuid())
                .contains(UUID.fromString("4c4c4544-0044-4210-8031-c2c04f4a3332"));
        assertThat(machine.serial()).isEqualTo("A B");
        assertThat(machine.manufacturer()).isEqualTo("Dell");
        assertThat(machine.architecture()).isEqualTo("x86_64");
        assertThat(machine.isUefi()).isTrue();
    }

    @Test
    void readsTheCloudIdThatTheBoardSays() {
        String amazon =
                "&manufacturer=" + Octets.ofText("Amazon EC2").hex().replaceAll("(..)(?=.)", "$1:");
        String id = Octets.ofText("i-0123abcd").hex().replaceAll("(..)(?=.)", "$1:");

        assertThat(MachineIdentity.parse("board=" + id + amazon).hardware().cloudId())
                .contains("aws:i-0123abcd");
        assertThat(MachineIdentity.parse("board=" + id + ":0a" + amazon).hardware().cloudId())
                .isEmpty();
        assertThat(MachineIdentity.parse("board=" + id).hardware().cloudId()).isEmpty();
    }

    @Test
    void takesNoUuidThatManyHave() {
        for (String uuid :
                List.of(
                        "00000000-0000-0000-0000-000000000000",
                        "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
                        "03000200-0400-0500-0006-000700080009",
                        "x",
                        "1-1-1-1-1")) {
            assertThat(MachineIdentity.parse("uuid=" + uuid).uuid()).isEmpty();
        }
    }

    @Property(tries = 1000)
    void readsAnyQueryWithoutAnException(@ForAll String query) {
        MachineIdentity machine =
                MachineIdentity.parse("mac=" + query + "&serial=" + query + "&arch=" + query);

        assertThat(machine.serial()).hasSizeLessThanOrEqualTo(128);
    }

    /// Whatever a refusal quotes, iPXE and GRUB see the same commands.
    @Property(tries = 1000)
    void quotesNothingThatIsACommand(@ForAll("hostile") String reason) {
        List<String> ipxe = serve("boot/script", "", new Decision.Refuse(reason)).lines().toList();
        assertThat(ipxe).hasSize(5);
        assertThat(ipxe.get(1)).matches("echo Formwork refuses: [A-Za-z0-9 .,:_/()?-]+");
        assertThat(words(serve("boot/grub.cfg", "", new Decision.Refuse(reason))))
                .hasSize(5)
                .startsWith("echo")
                .endsWith("sleep", "60", "reboot");
    }

    /// A value of an environment is one word of the script, the very same, or it is refused.
    @Property(tries = 2000)
    void takesValuesAsTheyAreOrNotAtAll(@ForAll("hostile") String value) {
        LinuxBoot environment;
        try {
            environment = new LinuxBoot("x", "k", List.of(), List.of("a", value, "b"));
        } catch (ProblemException e) {
            assertThat(e.code()).isEqualTo("boot.unsafe-value");
            return;
        }
        assertThat(value).doesNotContain("$", "|", ";", "'", "\"", "\\", "#", "{", "`", " ", "\n");
        String script = serve("boot/script", "", new Decision.Boot(environment));
        assertThat(script.lines().toList().get(2))
                .isEqualTo("kernel http://10.0.0.1:8080/k a " + value + " b || goto failed");
        assertThat(words(serve("boot/grub.cfg", "", new Decision.Boot(environment))))
                .containsExactly(
                        "echo",
                        "Formwork boots x",
                        "linux",
                        "(http,10.0.0.1:8080)/k",
                        "a",
                        value,
                        "b",
                        "boot");
    }

    @Test
    void refusesValuesThatMeanSomething() {
        for (String value :
                List.of(
                        "",
                        "a b",
                        "a\nreboot",
                        "${net0/mac}",
                        "&&",
                        "||",
                        "&",
                        "a;b",
                        "#",
                        "'",
                        "\"",
                        "\\",
                        "`id`",
                        "a|b",
                        "\u00e4",
                        "a\0b",
                        "<x>",
                        "-\r")) {
            assertThatExceptionOfType(ProblemException.class)
                    .as(value)
                    .isThrownBy(() -> new LinuxBoot("x", "k", List.of(), List.of(value)));
        }
        for (String path : List.of("", "/k", "../k", "a/../k", "a b", "k$", "k'", "k?x", "k)")) {
            assertThatExceptionOfType(ProblemException.class)
                    .as(path)
                    .isThrownBy(() -> new LinuxBoot("x", path, List.of(), List.of()));
        }
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> new LinuxBoot("X y", "k", List.of(""), List.of()))
                .satisfies(e -> assertThat(e.problems()).hasSize(2));
    }

    /// What iPXE sends for hostile strings of SMBIOS is what the decider sees, as one value.
    @Property
    void givesTheDeciderWhatTheMachineSays(@ForAll("hostile") String serial) {
        String shown = serial.length() > 40 ? serial.substring(0, 40) : serial;

        MachineIdentity machine =
                MachineIdentity.parse(
                        "serial="
                                + Octets.ofText(shown).hex().replaceAll("(..)(?=.)", "$1:")
                                + "&asset=7a");

        assertThat(machine.asset()).isEqualTo("z");
        assertThat(machine.serial()).isEqualTo(Octets.ofText(shown).text());
        assertThat(machine.hardware().serial().orElse("")).doesNotContainPattern("[^ -~]");
    }

    @Provide
    Arbitrary<String> hostile() {
        return Arbitraries.oneOf(
                Arbitraries.strings()
                        .withChars("ab1-=.,/ $|;#'\"\\{}<>`&?\n\r\t\0")
                        .ofMaxLength(30),
                Arbitraries.strings().withChars("ab1-=.,/&?:@").ofMaxLength(12),
                Arbitraries.of(
                        "x || shell", "x\nreboot", "${x}", "'; reboot; '", "\\", "a'b", "$(id)"));
    }

    /// The words of GRUB's configuration, as a shell reads single quotes.
    private static List<String> words(String config) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean isQuoted = false;
        for (int i = 0; i < config.length(); i++) {
            char c = config.charAt(i);
            if (c == '\'') {
                isQuoted = !isQuoted;
            } else if (!isQuoted && Character.isWhitespace(c)) {
                if (!word.isEmpty()) {
                    words.add(word.toString());
                }
                word.setLength(0);
            } else {
                word.append(c);
            }
        }
        assertThat(isQuoted).isFalse();
        return words;
    }

    private static String serve(String path, String query, Decision decision) {
        ScriptSource source = new ScriptSource((_, _) -> decision);
        Optional<Content> found =
                source.find(
                        new ContentSource.Asked(
                                path, query, Ipv4.parse("10.0.0.7"), "10.0.0.1:8080"));
        return ((Content.Rendered) found.orElseThrow()).octets().text();
    }
}
