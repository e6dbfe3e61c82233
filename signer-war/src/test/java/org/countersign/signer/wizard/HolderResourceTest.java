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
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.countersign.core.oauth2.SeatName;
import org.countersign.core.x509.SubjectName;
import org.countersign.server.console.AuditTrail;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Authorities;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.EnrolledHolder;
import org.countersign.signer.TestDatabase;
import org.countersign.signer.credentials.Credential;
import org.countersign.signer.wizard.DescribeToHolder.HolderCredential;
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

    private static final Duration WARNING = Duration.ofDays(30);

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
                new DescribeToHolder(Set.of("acme"), WARNING, holder.clock),
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

    private void at(Instant time) {
        holder.clock.advance(Duration.between(holder.clock.instant(), time));
    }

    private HolderCredential shown() {
        return resource.credentials(as("seat of jdoe"), null, null).stream()
                .filter(one -> one.credentialId().equals(holder.id.toString()))
                .findFirst()
                .orElseThrow();
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
                .extracting(HolderCredential::credentialId)
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

    @Test
    void the_end_of_a_certificate_is_warned_of() {
        var end = holder.credential()
                .chain()
                .orElseThrow()
                .endEntity()
                .getNotAfter()
                .toInstant();
        at(end.minus(WARNING).minusSeconds(1));
        assertThat(shown().validity()).isEqualTo("valid");
        at(end.minus(WARNING));
        assertThat(shown().validity()).isEqualTo("expiring");
        at(end);
        assertThat(shown().validity()).isEqualTo("expiring");
        at(end.plusSeconds(1));
        assertThat(shown().validity()).isEqualTo("expired");
    }

    @Test
    void who_suspended_a_credential_and_that_a_renewal_waits_is_told() {
        assertThat(shown().suspendedBy()).isNull();
        assertThat(shown().renewal()).isFalse();
        holder.update("update credential set renewal_at = now() where id = ?");
        assertThat(shown().renewal()).isTrue();
        holder.update("update credential set state = 'SUSPENDED', failures = failures + 1000000000 where id = ?");
        assertThat(shown().suspendedBy()).isEqualTo("holder");
        holder.update("update credential set state = 'SUSPENDED_BY_ADMINISTRATOR' where id = ?");
        assertThat(shown().suspendedBy()).isEqualTo("administrator");
    }

    /** The page sends it back, as the subject of a renewal, and the authority wants it to the byte. */
    @Test
    void the_subject_that_the_authority_is_asked_for_is_the_seats_common_name() {
        for (var name : new String[] {"jdoe", "j,d+o=e;#<x>", "#jörg"}) {
            var seat = new SeatName(name, "acme");
            var told = new DescribeToHolder(Set.of("acme"), WARNING, holder.clock)
                    .describe(
                            CALLER,
                            begun(seat, "pin"),
                            holder.configuration.authorizations().of("pin"))
                    .enrolmentSubject();
            assertThat(SubjectName.parse(told).getEncoded())
                    .isEqualTo(SubjectName.ofCommonName(name + "@acme").getEncoded());
        }
        assertThat(new DescribeToHolder(Set.of(), WARNING, holder.clock)
                        .describe(
                                CALLER,
                                holder.credential(),
                                holder.configuration.authorizations().of("pin"))
                        .enrolmentSubject())
                .isNull();
    }
}
