package org.countersign.server.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerTest {

    static HttpServletRequest request(String address, Map<String, String> headers) {
        return request(address, "localhost", headers);
    }

    private static HttpServletRequest request(String address, String host, Map<String, String> headers) {
        return (HttpServletRequest) Proxy.newProxyInstance(
                PeerTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getRemoteAddr" -> address;
                    case "getServerName" -> host;
                    case "getHeader" -> headers.get(arguments[0]);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.9.8.7", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1"})
    void the_same_machine_is_loopback(String address) {
        assertThat(Peer.of(request(address, Map.of())).isLoopback()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1", "192.168.127.0", "::2", "1127.0.0.1", "127.0.0.1.evil", "localhost", ""})
    void any_other_address_is_elsewhere(String address) {
        assertThat(Peer.of(request(address, Map.of())).isLoopback()).isFalse();
    }

    @Test
    void an_unknown_address_is_elsewhere() {
        assertThat(Peer.of(request(null, Map.of())).isLoopback()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"})
    void what_a_proxy_passed_on_is_from_elsewhere_whatever_it_claims(String header) {
        assertThat(Peer.of(request("127.0.0.1", Map.of(header, "127.0.0.1"))).isLoopback())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"signer.example.org", "10.0.0.1", "127.0.0.1.example.org", ""})
    void a_request_for_another_host_is_from_elsewhere(String host) {
        assertThat(Peer.of(request("127.0.0.1", host, Map.of())).isLoopback()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST", "127.0.0.1", "::1", "[::1]"})
    void a_request_for_this_machine_by_its_loopback_names_is_loopback(String host) {
        assertThat(Peer.of(request("127.0.0.1", host, Map.of())).isLoopback()).isTrue();
    }

    @Test
    void only_a_demonstration_client_from_elsewhere_is_turned_away() {
        new Peer(true).admit(client(true));
        new Peer(true).admit(client(false));
        new Peer(false).admit(client(false));
        assertThatThrownBy(() -> new Peer(false).admit(client(true)))
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(OAuth2Error.ACCESS_DENIED));
    }

    private static OAuthClient client(boolean demonstration) {
        return OAuthClient.register(
                new ClientRegistration(
                        "acme",
                        "client_credentials",
                        Duration.ofSeconds(60),
                        new Authorities(true, Set.of(), Set.of(), Set.of()),
                        demonstration),
                "hash",
                Instant.EPOCH);
    }
}
