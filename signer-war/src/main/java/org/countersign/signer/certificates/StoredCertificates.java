package org.countersign.signer.certificates;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.oauth2.SeatName;
import org.countersign.core.x509.CertificateChain;
import org.countersign.server.web.Page;
import org.countersign.signer.credentials.Credential;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.query.SelectionQuery;

/** Finds certificates across the tenants of a company. */
public final class StoredCertificates {

    private static final int MAX_FILTER = 256;
    private static final Instant BEGINNING = Instant.EPOCH;
    private static final Instant END = Instant.parse("9999-12-31T23:59:59Z");

    private static final String WHERE = " from Credential where tenant in :tenants and certificates is not null"
            + " and lower(issuer) like lower(:issuer) escape '!' and lower(subject) like lower(:subject) escape '!'"
            + " and notAfter < :before and notAfter > :after";

    private final SessionFactory sessions;

    public StoredCertificates(SessionFactory sessions) {
        this.sessions = sessions;
    }

    /** A credential's chain and whose it is. */
    public record Stored(UUID credentialId, SeatName seat, CertificateChain chain) {}

    /** What to look for, checked. */
    public record Filter(Set<String> tenants, String issuer, String subject, Instant before, Instant after) {

        static Filter of(Set<String> tenants, ListRequest request) {
            return new Filter(
                    request.tenant() == null ? tenants : Set.of(request.tenant()),
                    containing(request.issuer()),
                    containing(request.subject()),
                    instant(request.expiresBefore(), END),
                    instant(request.expiresAfter(), BEGINNING));
        }

        private static String containing(String text) {
            if (text == null) {
                return "%";
            }
            if (text.length() > MAX_FILTER) {
                throw ProtocolException.invalidRequest("A filter has 256 characters at most");
            }
            if (text.chars().anyMatch(Character::isISOControl)) {
                throw ProtocolException.invalidRequest("A filter has no control characters");
            }
            var escaped = text.replace("!", "!!").replace("%", "!%").replace("_", "!_");
            return "%" + escaped + "%";
        }

        private static Instant instant(String text, Instant absent) {
            try {
                return text == null ? absent : Instant.parse(text);
            } catch (DateTimeException malformed) {
                throw ProtocolException.invalidRequest(
                        "expiresBefore and expiresAfter are times such as 2027-01-01T00:00:00Z");
            }
        }
    }

    /** A page, by tenant, seat and age. */
    public List<Stored> find(Filter filter, Page page) {
        return sessions.fromSession(session -> query(
                        session, WHERE.strip() + " order by tenant, seat, createdAt, id", Credential.class, filter)
                .setFirstResult(page.first())
                .setMaxResults(page.size())
                .list()
                .stream()
                .map(credential -> new Stored(
                        credential.id(), credential.seat(), credential.chain().orElseThrow()))
                .toList());
    }

    public long count(Filter filter) {
        return sessions.fromSession(session ->
                query(session, "select count(*)" + WHERE, Long.class, filter).getSingleResult());
    }

    private static <T> SelectionQuery<T> query(Session session, String text, Class<T> type, Filter filter) {
        return session.createSelectionQuery(text, type)
                .setParameter("tenants", filter.tenants())
                .setParameter("issuer", filter.issuer())
                .setParameter("subject", filter.subject())
                .setParameter("before", filter.before())
                .setParameter("after", filter.after());
    }
}
