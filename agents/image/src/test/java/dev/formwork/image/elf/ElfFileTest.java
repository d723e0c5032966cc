package dev.formwork.image.elf;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

class ElfFileTest {
    @Test
    void readsWhatAModuleSaysOfItself() {
        ElfFile module =
                Objects.requireNonNull(
                        ElfFile.read(
                                TestElf.module(
                                        "license=GPL",
                                        "alias=pci:a",
                                        "alias=pci:b",
                                        "depends=x,y")));

        assertThat(module.moduleInfo("alias")).containsExactly("pci:a", "pci:b");
        assertThat(module.moduleInfo("depends")).containsExactly("x,y");
        assertThat(module.moduleInfo("lic")).isEmpty();
        assertThat(module.needed()).isEmpty();
        assertThat(module.interpreter()).isNull();
    }

    @Test
    void isNullForAnythingElse() {
        assertThat(ElfFile.read(new byte[0])).isNull();
        assertThat(ElfFile.read("#!/bin/sh\n".repeat(20).getBytes(StandardCharsets.US_ASCII)))
                .isNull();
    }

    @Property(tries = 300)
    void neverFailsOnADamagedTable(
            @ForAll @Size(64) byte[] damage, @ForAll @IntRange(min = 6, max = 200) int where) {
        byte[] bytes = TestElf.module("alias=pci:a", "depends=");
        System.arraycopy(damage, 0, bytes, where, Math.min(64, bytes.length - where));

        ElfFile damaged = ElfFile.read(bytes);

        assertThat(damaged == null || damaged.interpreter() == null).isTrue();
    }
}
