package dev.formwork.provider.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MachineScriptsTest {
    @Test
    void aQuotedWordHasNoWayOut() {
        assertThat(MachineScripts.quote("it's $(id)\n")).isEqualTo("'it'\\''s $(id)\n'");
        assertThat(MachineScripts.quote("")).isEqualTo("''");
    }
}
