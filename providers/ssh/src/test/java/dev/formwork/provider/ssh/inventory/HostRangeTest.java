package dev.formwork.provider.ssh.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

import java.util.List;

class HostRangeTest {
    @Test
    void expandsNumbersLettersAndSteps() {
        assertThat(HostRange.expand("web")).containsExactly("web");
        assertThat(HostRange.expand("web[1:3]")).containsExactly("web1", "web2", "web3");
        assertThat(HostRange.expand("web[08:10].example"))
                .containsExactly("web08.example", "web09.example", "web10.example");
        assertThat(HostRange.expand("n[0:10:5]")).containsExactly("n0", "n5", "n10");
        assertThat(HostRange.expand("[a:b][1:2]")).containsExactly("a1", "a2", "b1", "b2");
        assertThat(HostRange.expand("web[01:50]")).hasSize(50);
    }

    @Test
    void refusesWhatIsNoRange() {
        for (String wrong :
                List.of(
                        "w[3:1]",
                        "w[1]",
                        "w[1:2",
                        "w]",
                        "w[a:Z]",
                        "w[1:2:0]",
                        "w[01:100]",
                        "w[1:999999999]",
                        "w[0:999][0:999]")) {
            assertThatIllegalArgumentException()
                    .as(wrong)
                    .isThrownBy(() -> HostRange.expand(wrong))
                    .withMessageMatching(".+");
        }
    }
}
