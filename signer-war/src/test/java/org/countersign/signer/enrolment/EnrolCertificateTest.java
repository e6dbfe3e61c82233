package org.countersign.signer.enrolment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.countersign.signer.EnrolledHolder.CALLER;
import static org.countersign.signer.EnrolledHolder.ENTROPY;
import static org.countersign.signer.EnrolledHolder.NOW;
import static org.countersign.signer.EnrolledHolder.SEAT;

import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.oauth2.SeatName;
import org.countersign.core.x509.SubjectName;
import org.countersign.core.x509.VerifiedRequest;
import org.countersign.server.oauth.Caller;
import org.countersign.signer.configuration.EnrolmentSettings.Subjects;
import org.countersign.signer.credentials.Credential;
import org.junit.jupiter.api.Test;

/** For whose names certificates are asked for; the rest is tested with a real server, in {@code EnrolmentIT}. */
class EnrolCertificateTest {

    private static final Credential CREDENTIAL = Credential.create(ENTROPY.uuid(), SEAT, "acme", "pin", 1, NOW);
    private static final Caller PERSON =
            new Caller(CALLER.clientId(), CALLER.authorities(), CALLER.seat(), CALLER.expiresAt(), "jdoe");

    @Test
    void the_seats_name_is_anybodys() {
        for (var subjects : Subjects.values()) {
            assertThatNoException().isThrownBy(() -> require(CALLER, "CN=jdoe@acme", subjects));
            assertThatNoException().isThrownBy(() -> require(PERSON, "CN=jdoe@acme", subjects));
        }
    }

    @Test
    void another_name_is_an_applications_where_the_configuration_has_it_so() {
        assertThatNoException().isThrownBy(() -> require(CALLER, "CN=Jane Doe,O=ACME", Subjects.ANY));
        refused(CALLER, "CN=Jane Doe,O=ACME", Subjects.SEAT);
        refused(CALLER, "CN=jdoe@acme,O=ACME", Subjects.SEAT);
    }

    @Test
    void another_name_is_never_a_persons() {
        refused(PERSON, "CN=The Queen", Subjects.ANY);
        refused(PERSON, "CN=The Queen", Subjects.SEAT);
    }

    @Test
    void a_renewal_is_for_the_seats_name_or_where_any_is_good_for_the_present_one() {
        var present = new X500Principal("CN=jdoe@acme,O=ACME");
        for (var caller : List.of(CALLER, PERSON)) {
            assertThatNoException().isThrownBy(() -> renew(caller, "CN=jdoe@acme", Subjects.SEAT, present));
            assertThatExceptionOfType(ProtocolException.class)
                    .isThrownBy(() -> renew(caller, "CN=jdoe@acme,O=ACME", Subjects.SEAT, present))
                    .withMessageContaining("The subject of csr is not the seat's common name");
        }
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> renew(PERSON, "CN=jdoe@acme,O=ACME", Subjects.ANY, present));
        assertThatNoException().isThrownBy(() -> renew(CALLER, "CN=jdoe@acme,O=ACME", Subjects.ANY, present));
        for (var other : List.of("CN=jdoe@acme", "CN=JDOE@acme,O=ACME")) {
            assertThatExceptionOfType(ProtocolException.class)
                    .isThrownBy(() -> renew(CALLER, other, Subjects.ANY, present))
                    .withMessageContaining("The subject of csr is not that of the present certificate");
        }
    }

    private static void renew(Caller caller, String subject, Subjects subjects, X500Principal present) {
        EnrolCertificate.requireSubjectOfRenewal(
                caller, CREDENTIAL, new VerifiedRequest(new X500Principal(subject), new byte[0]), subjects, present);
    }

    /** Equal by RFC 5280 §7.1, and other people's here. */
    @Test
    void a_name_that_is_only_alike_is_another() {
        for (var subject : List.of("CN=JDOE@acme", "CN=\uff4adoe@acme", "CN=jdoe@acme\\ ", "CN=jdoe@ACME")) {
            refused(CALLER, subject, Subjects.SEAT);
            refused(PERSON, subject, Subjects.ANY);
        }
    }

    /** Two seats may be alike up to there. */
    @Test
    void a_name_that_is_cut_is_nobodys() {
        var seat = new SeatName("j".repeat(60), "acme");
        var credential = Credential.create(ENTROPY.uuid(), seat, "acme", "pin", 1, NOW);
        var request = new VerifiedRequest(SubjectName.ofCommonName(seat.toString()), new byte[0]);
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> EnrolCertificate.requireSubject(CALLER, credential, request, Subjects.SEAT))
                .satisfies(refusal ->
                        assertThat(refusal.description()).isEqualTo("The seat's name is too long for a common name"));
        assertThatNoException()
                .isThrownBy(() -> EnrolCertificate.requireSubject(CALLER, credential, request, Subjects.ANY));
    }

    private static void refused(Caller caller, String subject, Subjects subjects) {
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> require(caller, subject, subjects))
                .satisfies(refusal -> assertThat(refusal.description())
                        .isEqualTo("The subject of csr is not the seat's common name"));
    }

    private static void require(Caller caller, String subject, Subjects subjects) {
        EnrolCertificate.requireSubject(
                caller, CREDENTIAL, new VerifiedRequest(new X500Principal(subject), new byte[0]), subjects);
    }
}
