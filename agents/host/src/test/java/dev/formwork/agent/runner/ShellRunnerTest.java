package dev.formwork.agent.runner;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ShellRunnerTest {
    @Test
    void doesAsTheKernelWithTheFirstLine() {
        assertThat(ShellRunner.interpreter("#!/bin/bash")).containsExactly("/bin/bash");
        assertThat(ShellRunner.interpreter("#! /bin/sh -e ")).containsExactly("/bin/sh", "-e");
        assertThat(ShellRunner.interpreter("#!/usr/bin/env -S python3 -u"))
                .containsExactly("/usr/bin/env", "-S python3 -u");
    }

    @Test
    void takesTheShellWhereNothingIsSaid() {
        assertThat(ShellRunner.interpreter("echo hello")).containsExactly("sh");
        assertThat(ShellRunner.interpreter("")).containsExactly("sh");
        assertThat(ShellRunner.interpreter("#!")).containsExactly("sh");
    }
}
