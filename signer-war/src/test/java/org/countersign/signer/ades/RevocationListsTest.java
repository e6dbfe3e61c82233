package org.countersign.signer.ades;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RevocationListsTest {

    private final RevocationLists lists = new RevocationLists(
            List.of(URI.create("http://crl.example.com/lists/"), URI.create("https://ca.example/")));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://crl.example.com/lists/a.crl",
                "http://crl.example.com/lists/b/c?d",
                "https://ca.example/a"
            })
    void what_is_below_an_allowed_address_is_asked_for(String address) {
        assertThat(lists.isAllowed(address)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://crl.example.com/a.crl",
                "https://crl.example.com/lists/a.crl",
                "http://crl.example.com:81/lists/a.crl",
                "http://crl.example.com@evil.example/lists/a.crl",
                "http://crl.example.com.evil.example/lists/a.crl",
                "http://evil.example/lists/a.crl",
                "http://crl.example.com/lists/../a.crl",
                "http://crl.example.com/lists/%2e%2e/a.crl",
                "http://127.0.0.1/lists/a.crl",
                "file:///etc/passwd",
                "ldap://crl.example.com/lists/",
                "mailto:a@crl.example.com",
                "no address",
                ""
            })
    void nothing_else_is(String address) {
        assertThat(lists.isAllowed(address)).isFalse();
    }
}
