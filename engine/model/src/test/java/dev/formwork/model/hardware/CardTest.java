package dev.formwork.model.hardware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class CardTest {
    @Test
    void aCardHasAnAddressAndNothingThatCouldBeMoreThanThat() {
        assertThat(new Card("52:54:00:00:00:01", "10.77.0.5/24").address())
                .isEqualTo("10.77.0.5/24");
        for (String address : new String[] {"10.77.0.5", "10.77.0.5/24\nroot", "fd00::1/64", ""}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Card("52:54:00:00:00:01", address));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new Card("52-54", "10.77.0.5/24"));
    }
}
