package dev.formwork.server.failpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.server.failpoint.Failpoint.Place;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// That it does end the process is what the system's tests live on.
class FailpointTest {
    @Test
    void lastsUntilTheCrossingThatItNames() {
        Failpoint failpoint = Failpoint.parse("after-commit:3");

        failpoint.cross(Place.AFTER_COMMIT);
        failpoint.cross(Place.AFTER_COMMIT);
        for (int i = 0; i < 10; i++) {
            failpoint.cross(Place.BEFORE_COMMIT);
            failpoint.cross(Place.BEFORE_EFFECT);
            failpoint.cross(Place.AFTER_EFFECT);
        }
    }

    @Test
    void isOffWhereNothingNamesAnInstant() {
        assertThat(System.getenv(Failpoint.VARIABLE)).isNull();
        assertThat(Failpoint.ofEnvironment()).isSameAs(Failpoint.NONE);
        Failpoint.NONE.cross(Place.BEFORE_COMMIT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"after-commit", "after-commit:0", "after-commit:-1", "sometime:3", ":1"})
    void refusesWhatNamesNoInstant(String setting) {
        assertThatThrownBy(() -> Failpoint.parse(setting))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("FORMWORK_FAILPOINT");
    }
}
