package org.countersign.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ClientAddressTest {

    private static ClientAddress trusting(String... ranges) {
        return new ClientAddress(Stream.of(ranges)
                .map(range -> AddressRange.parse(range).orElseThrow())
                .toList());
    }

    private static HttpServletRequest request(String peer, String... forwarded) {
        return (HttpServletRequest) Proxy.newProxyInstance(
                ClientAddressTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getRemoteAddr" -> peer;
                    case "getHeaders" ->
                        Collections.enumeration(
                                "X-Forwarded-For".equals(arguments[0]) ? List.of(forwarded) : List.of());
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @Test
    void without_trusted_proxies_the_peer_alone_counts() {
        assertThat(trusting().of(request("192.0.2.1", "203.0.113.7"))).isEqualTo("192.0.2.1");
        assertThat(trusting("10.0.0.0/8").of(request("192.0.2.1", "203.0.113.7")))
                .isEqualTo("192.0.2.1");
    }

    @Test
    void a_trusted_proxy_tells_the_address_at_the_right() {
        var addresses = trusting("10.0.0.0/8", "::1");
        assertThat(addresses.of(request("10.0.0.1", "203.0.113.7"))).isEqualTo("203.0.113.7");
        assertThat(addresses.of(request("10.0.0.1", "192.0.2.66, 203.0.113.7"))).isEqualTo("203.0.113.7");
        assertThat(addresses.of(request("10.0.0.1", "192.0.2.66, 203.0.113.7, 10.0.0.2")))
                .isEqualTo("203.0.113.7");
        assertThat(addresses.of(request("::1", "192.0.2.66", "2001:db8::7 ,10.0.0.2")))
                .isEqualTo("2001:db8::7");
    }

    @Test
    void a_port_is_left_aside() {
        var addresses = trusting("10.0.0.0/8", "2001:db8:1::/48");
        assertThat(addresses.of(request("10.0.0.1", "192.0.2.66, 203.0.113.7:50123")))
                .isEqualTo("203.0.113.7");
        assertThat(addresses.of(request("10.0.0.1", "203.0.113.7:1, 10.0.0.2:443")))
                .isEqualTo("203.0.113.7");
        assertThat(addresses.of(request("10.0.0.1", "192.0.2.66, [2001:db8::7]:50123, [2001:db8:1::2]")))
                .isEqualTo("2001:db8::7");
        for (var wrong :
                List.of("203.0.113.7:", "203.0.113.7:123456", "[203.0.113.7]:1", "[2001:db8::7", "[]:1", ":1")) {
            assertThat(addresses.of(request("10.0.0.1", wrong))).as(wrong).isEqualTo("10.0.0.1");
        }
    }

    @Test
    void what_is_no_address_ends_the_way() {
        var addresses = trusting("10.0.0.0/8");
        assertThat(addresses.of(request("10.0.0.1"))).isEqualTo("10.0.0.1");
        assertThat(addresses.of(request("10.0.0.1", ""))).isEqualTo("10.0.0.1");
        assertThat(addresses.of(request("10.0.0.1", "203.0.113.7, unknown"))).isEqualTo("10.0.0.1");
        assertThat(addresses.of(request("10.0.0.1", "203.0.113.7, example.com, 10.0.0.2")))
                .isEqualTo("10.0.0.2");
    }
}
