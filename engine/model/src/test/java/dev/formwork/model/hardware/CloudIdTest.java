package dev.formwork.model.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Locale;

class CloudIdTest {
    private static final String INSTANCE = "4c4c4544-0042-3010-8051-b2c04f4b5931";

    @Test
    void isWhatEachCloudWritesIntoDmi() {
        assertThat(CloudId.ofDmi("Amazon EC2", "m5.metal", "i-0123456789abcdef0", "ec2e1916-x"))
                .contains("aws:i-0123456789abcdef0");
        assertThat(CloudId.ofDmi("Amazon EC2", "c4.large", "i-0a1b2c3d", ""))
                .as("an id of before 2016")
                .contains("aws:i-0a1b2c3d");
        assertThat(CloudId.ofDmi("OpenStack Foundation", "OpenStack Nova", "", INSTANCE))
                .contains("openstack:" + INSTANCE);
        assertThat(CloudId.ofDmi("RDO", "OpenStack Compute", "", INSTANCE.toUpperCase(Locale.ROOT)))
                .contains("openstack:" + INSTANCE);
    }

    @Test
    void isNoneWhereDmiHoldsNone() {
        assertThat(CloudId.ofDmi("", "", "", "")).isEmpty();
        assertThat(CloudId.ofDmi("Dell Inc.", "PowerEdge", "i-0123456789abcdef0", INSTANCE))
                .as("an asset tag that a person chose")
                .isEmpty();
        assertThat(CloudId.ofDmi("Google", "Google Compute Engine", "", INSTANCE)).isEmpty();
        assertThat(CloudId.ofDmi("Xen", "HVM domU", "", "ec2e1916-9099-7caf-fd21-012345abcdef"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "i-",
                "i-0123456789abcdef",
                "i-0123456789abcdef0\n",
                " i-0123456789abcdef0",
                "i-0123456789abcdeg0",
                "i-01234567 || reboot",
                "i-${net0/mac}",
                "\u001b[2Ji-01234567",
                "../../i-01234567"
            })
    void isNoneOfHostileText(String text) {
        assertThat(CloudId.ofDmi("Amazon EC2", "m5.large", text, INSTANCE)).isEmpty();
        assertThat(CloudId.ofDmi("x", "OpenStack Nova", "", text)).isEmpty();
    }
}
