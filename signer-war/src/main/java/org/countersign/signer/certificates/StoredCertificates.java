package org.countersign.signer.certificates;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.oauth2.GroupName;
import org.countersign.core.oauth2.SeatName;
import org.countersign.core.x509.CertificateChain;
import org.countersign.server.listing.Filter;
import org.countersign.server.oauth.Authorities;
import org.countersign.server.persistence.Statements;
import org.countersign.server.web.Page;
import org.countersign.signer.credentials.Credential;

/** Finds certificates across the tenants of a company. */
public final class StoredCertificates {

    private static final int MAX_FILTER = 256;
    private static final Instant BEGINNING = Instant.EPOCH;
    private static final Instant END = Instant.parse("9999-12-31T23:59:59Z");

    private static final String FROM = " from credential c";

    /** Of tenants that the client is kept to groups of: nobody who is in none of them. */
    private static final String IN_GROUPS =
            "(not c.tenant = any(?) or exists (select 1 from seat s where s.tenant = c.tenant"
                    + " and s.seat = c.seat and s.group_name || '@' || s.tenant = any(?)))";

    private final Statements statements;

    public StoredCertificates(Statements statements) {
        this.statements = statements;
    }

    /** A credential's chain and whose it is. */
    public record Stored(UUID credentialId, SeatName seat, CertificateChain chain) {}

    /** What to look for, checked; of the people whom the client reaches. */
    public record Wanted(
            Authorities reach, Set<String> tenants, String issuer, String subject, Instant before, Instant after) {

        static Wanted of(Authorities reach, ListRequest request) {
            return new Wanted(
                    reach,
                    request.tenant() == null ? reach.tenants() : Set.of(request.tenant()),
                    containing(request.issuer()),
                    containing(request.subject()),
                    instant(request.expiresBefore(), END),
                    instant(request.expiresAfter(), BEGINNING));
        }

        private Filter filter() {
            var filter = new Filter()
                    .with("c.tenant = any(?)", tenants.toArray(String[]::new))
                    .with("c.certificates is not null")
                    .with("lower(c.issuer) like lower(?) escape '!'", issuer)
                    .with("lower(c.subject) like lower(?) escape '!'", subject)
                    .with("c.not_after < ?", before)
                    .with("c.not_after > ?", after);
            var groups = reach.seatGroups();
            return groups.isEmpty()
                    ? filter
                    : filter.with(
                            IN_GROUPS,
                            groups.stream().map(GroupName::tenant).toArray(String[]::new),
                            groups.stream().map(GroupName::toString).toArray(String[]::new));
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
    public List<Stored> find(Wanted wanted, Page page) {
        var filter = wanted.filter();
        return statements.all(
                "select " + Credential.COLUMNS + FROM + filter.where()
                        + " order by c.tenant, c.seat, c.created_at, c.id limit ? offset ?",
                statement -> filter.bind(statement, page),
                row -> {
                    var credential = Credential.read(row);
                    return new Stored(
                            credential.id(),
                            credential.seat(),
                            credential.chain().orElseThrow());
                });
    }

    public long count(Wanted wanted) {
        var filter = wanted.filter();
        return statements
                .first("select count(*)" + FROM + filter.where(), filter::bind, row -> row.getLong(1))
                .orElseThrow();
    }
}
