package org.countersign.signer.wizard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.countersign.signer.EnrolledHolder.CALLER;
import static org.countersign.signer.EnrolledHolder.ENTROPY;
import static org.countersign.signer.EnrolledHolder.NOW;
import static org.countersign.signer.EnrolledHolder.SEAT;

import jakarta.ws.rs.core.SecurityContext;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Set;
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.console.AuditTrail;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Authorities;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.EnrolledHolder;
import org.countersign.signer.TestDatabase;
import org.countersign.signer.credentials.Credential;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a holder sees of the own seat. */
class HolderResourceTest {

    private static final Authorities READING =
            new Authorities(false, Set.of(ApiGroup.LISTER), Set.of("acme"), Set.of());

    private static TestDatabase postgres;

    @TempDir
    Path folder;

    private EnrolledHolder holder;
    private HolderResource resource;

    @BeforeAll
    static void start() throws Exception {
        postgres = new TestDatabase();
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void assemble() throws Exception {
        holder = new EnrolledHolder(postgres, folder, "", "pin");
        resource = new HolderResource(
                holder.credentials,
                holder.configuration.authorizations(),
                Set.of(),
                new AuditTrail(postgres.database().statements()));
    }

    @AfterEach
    void close() {
        holder.close();
    }

    private static SecurityContext as(String countedAs) {
        var caller = new Caller("acme", READING, CALLER.seat(), CALLER.expiresAt(), countedAs);
        return (SecurityContext) Proxy.newProxyInstance(
                HolderResourceTest.class.getClassLoader(),
                new Class<?>[] {SecurityContext.class},
                (proxy, method, arguments) -> caller);
    }

    private static Credential begun(SeatName seat, String configurationId) {
        return Credential.create(ENTROPY.uuid(), seat, "acme", configurationId, 10, NOW);
    }

    @Test
    void the_seats_credentials_are_shown_and_nobody_elses() {
        var own = begun(SEAT, "pin");
        var others = begun(new SeatName("mroe", SEAT.tenant()), "pin");
        var sameName = begun(new SeatName(SEAT.seat(), "other"), "pin");
        var gone = begun(SEAT, "gone from the file");
        for (var credential : new Credential[] {own, others, sameName, gone}) {
            holder.credentials.add(credential);
        }
        assertThat(resource.credentials(as("seat of jdoe"), null, null))
                .extracting(HolderResource.HolderCredential::credentialId)
                .contains(holder.id.toString(), own.id().toString())
                .doesNotContain(
                        others.id().toString(),
                        sameName.id().toString(),
                        gone.id().toString());
    }

    @Test
    void applications_with_access_tokens_see_none_of_it() {
        assertThatThrownBy(() -> resource.credentials(as("acme"), null, null)).hasMessageContaining("access_denied");
        assertThatThrownBy(() -> resource.history(as("acme"), null, null)).hasMessageContaining("access_denied");
    }

    @Test
    void a_page_of_the_history_has_a_hundred_entries_at_most() {
        assertThat(resource.history(as("seat of jdoe"), 0, 100)).isNotNull();
        assertThatThrownBy(() -> resource.history(as("seat of jdoe"), 0, 101))
                .hasMessage("invalid_request: page must be 0 or more, pageSize from 1 to 100");
    }
}
