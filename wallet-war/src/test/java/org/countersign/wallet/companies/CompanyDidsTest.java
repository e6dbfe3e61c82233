package org.countersign.wallet.companies;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CompanyDidsTest {

    private static final UUID ORGANISATION = UUID.fromString("00000000-0000-4000-8000-000000000001");

    /** An example of the specification of did:key. */
    @Test
    void a_key_has_the_did_that_the_specification_gives_it() {
        assertThat(CompanyDids.key(
                        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"fyNYMN0976ci7xqiSdag3buk-ZCwgXU4kz9XNkBlNUI\","
                                + "\"y\":\"hW2ojTNfH7Jbi8--CJUo3OCbH3y5n91g-IMA9MLMbTU\"}"))
                .isEqualTo("did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169");
    }

    @Test
    void the_address_becomes_a_did_with_colons_and_an_escaped_port() {
        assertThat(new CompanyDids(URI.create("https://wallet.example.com/wallet-acme")).web(ORGANISATION))
                .hasValue("did:web:wallet.example.com:wallet-acme:organisations:" + ORGANISATION);
        assertThat(new CompanyDids(URI.create("https://wallet.example.com:8443/a/~b")).web(ORGANISATION))
                .hasValue("did:web:wallet.example.com%3A8443:a:%7Eb:organisations:" + ORGANISATION);
        assertThat(new CompanyDids(URI.create("https://wallet.example.com")).web(ORGANISATION))
                .hasValue("did:web:wallet.example.com:organisations:" + ORGANISATION);
    }

    @Test
    void an_ip_address_has_no_such_did() {
        for (var address : List.of("http://127.0.0.1:8080/wallet-acme", "http://[::1]/wallet-acme")) {
            assertThat(new CompanyDids(URI.create(address)).web(ORGANISATION)).isEmpty();
        }
    }
}
