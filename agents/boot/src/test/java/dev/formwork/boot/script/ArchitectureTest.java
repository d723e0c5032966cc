package dev.formwork.boot.script;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// By the headers of kernels: EFI programs, x86 boot protocol, arm64's own.
final class ArchitectureTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "8664,AMD64",
        "014c,AMD64",
        "01c2,ARM32",
        "aa64,ARM64",
        "5064,RISCV64",
        "6264,LOONG64"
    })
    void readsWhatAnEfiProgramIsFor(String machine, Architecture architecture) throws IOException {
        ByteBuffer head = head();
        put(head, 0, "MZ");
        head.putInt(0x3c, 0x40);
        put(head, 0x40, "PE\0\0");
        head.putShort(0x44, (short) Integer.parseInt(machine, 16));

        assertThat(Architecture.ofKernel(file(head))).contains(architecture);
    }

    @Test
    void readsWhatOtherKernelsAreFor() throws IOException {
        ByteBuffer x86 = head();
        put(x86, 0x202, "HdrS");
        ByteBuffer arm64 = head();
        put(arm64, 0x38, "ARMd");

        assertThat(Architecture.ofKernel(file(x86))).contains(Architecture.AMD64);
        assertThat(Architecture.ofKernel(file(arm64))).contains(Architecture.ARM64);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 0x3f, 0x45, 0x205, 5000})
    void saysNothingOfWhatItDoesNotKnow(int size) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        if (size > 1) {
            put(head, 0, "MZ");
        }
        for (int header : new int[] {0x40, 0x7fffffff, -1}) {
            if (size >= 0x40) {
                head.putInt(0x3c, header);
            }

            assertThat(Architecture.ofKernel(file(head))).isEmpty();
        }
    }

    @Test
    void knowsWhatIpxeSays() {
        assertThat(Architecture.ofMachine("i386"))
                .as("as an iPXE for BIOS says on every PC")
                .isEqualTo(Architecture.ofMachine("x86_64"));
        assertThat(Architecture.ofMachine("arm64")).contains(Architecture.ARM64);
        assertThat(Architecture.ofMachine("")).isEmpty();
        assertThat(Architecture.AMD64).hasToString("amd64");
    }

    private static ByteBuffer head() {
        return ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void put(ByteBuffer head, int at, String mark) {
        head.put(at, mark.getBytes(StandardCharsets.US_ASCII));
    }

    private Path file(ByteBuffer head) throws IOException {
        byte[] octets = new byte[head.capacity()];
        head.get(0, octets);
        return Files.write(folder.resolve("kernel"), octets);
    }
}
