package dev.formwork.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import software.amazon.awssdk.regions.Region;

class ParametersTest {
    @Test
    void theServiceIsWhereTheRegionHasIt() {
        assertThat(Parameters.endpoint(Region.EU_CENTRAL_1))
                .hasToString("https://ssm.eu-central-1.amazonaws.com");
        assertThat(Parameters.endpoint(Region.CN_NORTH_1))
                .hasToString("https://ssm.cn-north-1.amazonaws.com.cn");
    }
}
