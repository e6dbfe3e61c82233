package org.countersign.signer.wizard;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where the context's root leads. */
class RootResourceTest {

    private static String location(Optional<String> path) {
        var request = (HttpServletRequest) Proxy.newProxyInstance(
                RootResourceTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> "/signer-acme");
        return new RootResource(path).location(request);
    }

    @Test
    void it_leads_to_the_wizard_as_browsers_reach_it() {
        assertThat(location(Optional.empty())).isEqualTo("/signer-acme/wizard/");
        assertThat(location(Optional.of("/sign"))).isEqualTo("/sign/wizard/");
        assertThat(location(Optional.of(""))).isEqualTo("/wizard/");
    }
}
