package org.countersign.server.console;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.jose.Base64Url;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.console.Person.Source;
import org.countersign.server.oauth.Authorities;
import org.countersign.server.oauth.BrowserSessions;
import org.countersign.server.oauth.Caller;
import org.countersign.server.oauth.Peer;
import org.countersign.server.persistence.Statements;

/**
 * The sessions of people, in the database: any node serves any of them, and one that was ended is ended everywhere. Of
 * the cookie, its SHA-256 alone is stored. What a user of the configuration may do is asked of it each time; what somebody may
 * do whom an OpenID provider or the application server knows stands in the session.
 */
public final class ConsoleSessions implements BrowserSessions {

    /** However busy it is. */
    private static final Duration LONGEST = Duration.ofHours(12);

    /** How exactly the last use is known. */
    private static final Duration USE = Duration.ofSeconds(20);

    private static final String ADD = "insert into console_session (token_hash, user_name, mark, roles, created_at,"
            + " used_at) values (?, ?, ?, ?, ?, ?)";
    private static final String FIND =
            "select user_name, mark, created_at, used_at, roles from console_session where token_hash = ?";

    private final Statements statements;
    private final SignIn users;
    private final Optional<TenantSeats> seats;
    private final Map<Source, byte[]> marks;
    private final Duration idle;
    private final AuditLog audit;
    private final SessionEvents events;
    private final Clock clock;
    private final Entropy entropy;

    public ConsoleSessions(
            Statements statements,
            SignIn users,
            ConsoleSettings settings,
            AuditLog audit,
            Clock clock,
            Entropy entropy) {
        this.statements = statements;
        this.users = users;
        this.seats = settings.seats();
        this.marks = marks(settings);
        this.idle = settings.idle();
        this.audit = audit;
        this.events = new SessionEvents(settings.tenant());
        this.clock = clock;
        this.entropy = entropy;
    }

    /**
     * @param roles null for a user of the configuration
     * @param ends at the latest
     */
    private record Stored(String user, byte[] mark, String roles, Instant ends, Instant used) {}

    /** @param ends when nothing else is called */
    record Found(Person person, Instant ends) {}

    /** What a session has that is not of a user of the file's: it ends when the file has another there. */
    private static Map<Source, byte[]> marks(ConsoleSettings settings) {
        var marks = new EnumMap<Source, byte[]>(Source.class);
        settings.openId().ifPresent(provider -> marks.put(Source.OPEN_ID, ofSeats(settings.seats(), provider.mark())));
        if (settings.serverAccounts()) {
            marks.put(Source.SERVER, hash("an account of the application server"));
        }
        return marks;
    }

    private byte[] mark(ConsoleUser user) {
        return ofSeats(seats, user.mark());
    }

    private static byte[] ofSeats(Optional<TenantSeats> seats, byte[] mark) {
        return seats.map(own -> own.mark(mark)).orElse(mark);
    }

    /** A new session. @return what its cookie has */
    String begin(Person person) {
        if (person.source() == Source.FILE) {
            return begin(person.name(), mark(users.find(person.name()).orElseThrow()), null);
        }
        return begin(person.name(), marks.get(person.source()), Person.text(person.roles()));
    }

    private String begin(String name, byte[] mark, String roles) {
        var token = entropy.token();
        var now = clock.instant().atOffset(ZoneOffset.UTC);
        statements.update(ADD, statement -> {
            statement.setBytes(1, hash(token));
            statement.setString(2, name);
            statement.setBytes(3, mark);
            statement.setString(4, roles);
            statement.setObject(5, now);
            statement.setObject(6, now);
        });
        return token;
    }

    /** Ends it on every node. */
    void end(String token) {
        var found = find(token);
        if (statements.update(
                        "delete from console_session where token_hash = ?",
                        statement -> statement.setBytes(1, hash(token)))
                > 0) {
            found.ifPresent(session ->
                    audit.append(events.success("signed-out", session.person().auditName())));
        }
    }

    /** A live session of a user who is still in the file, with the same password; or of a provider or server as it has them. */
    Optional<Found> find(String token) {
        var now = clock.instant();
        return statements
                .first(
                        FIND,
                        statement -> statement.setBytes(1, hash(token)),
                        row -> new Stored(
                                row.getString(1),
                                row.getBytes(2),
                                row.getString(5),
                                row.getTimestamp(3).toInstant().plus(LONGEST),
                                row.getTimestamp(4).toInstant()))
                .filter(stored -> now.isBefore(stored.ends())
                        && now.isBefore(stored.used().plus(idle)))
                .flatMap(stored -> person(stored).map(person -> new Found(person, used(token, stored, now))));
    }

    private Optional<Person> person(Stored stored) {
        if (stored.roles() != null) {
            return marks.entrySet().stream()
                    .filter(entry -> MessageDigest.isEqual(entry.getValue(), stored.mark()))
                    .filter(entry -> entry.getKey() != Source.SERVER
                            || users.find(stored.user()).isEmpty())
                    .findAny()
                    .map(entry -> Person.of(entry.getKey(), stored.user(), stored.roles()));
        }
        return users.find(stored.user())
                .filter(user -> MessageDigest.isEqual(mark(user), stored.mark()))
                .map(Person::of);
    }

    private Instant used(String token, Stored stored, Instant now) {
        if (now.isAfter(stored.used().plus(USE))) {
            statements.update("update console_session set used_at = ? where token_hash = ?", statement -> {
                statement.setObject(1, now.atOffset(ZoneOffset.UTC));
                statement.setBytes(2, hash(token));
            });
        }
        var idleEnd = now.plus(idle);
        return idleEnd.isBefore(stored.ends()) ? idleEnd : stored.ends();
    }

    @Override
    public Optional<Caller> caller(String session, Optional<String> proof, Peer peer) {
        return admitted(session, proof, peer)
                .map(found -> new Caller(
                        found.person().auditName(),
                        new Authorities(true, found.person().roles(), Set.of(), Set.of()),
                        Optional.empty(),
                        found.ends()));
    }

    /** Who calls, as {@link #caller} has it. */
    Optional<Found> admitted(String session, Optional<String> proof, Peer peer) {
        var found = find(session);
        if (found.isPresent()) {
            if (found.get().person().demonstration() && !peer.isLoopback()) {
                throw ProtocolException.accessDenied();
            }
            if (proof.isPresent() && !isProof(session, proof.get())) {
                throw new ProtocolException(OAuth2Error.ACCESS_DENIED, "The header X-CSRF-Token is missing or wrong");
            }
        }
        return found;
    }

    /** What the session's pages send with each change. Nobody has it who does not have the cookie, or a page's memory. */
    static String proof(String session) {
        return Base64Url.encode(new HmacUtils(HmacAlgorithms.HMAC_SHA_256, session).hmac("proof"));
    }

    private static boolean isProof(String session, String proof) {
        return MessageDigest.isEqual(
                proof(session).getBytes(StandardCharsets.US_ASCII), proof.getBytes(StandardCharsets.UTF_8));
    }

    /** Forgets those that have ended. */
    public void purge() {
        var now = clock.instant();
        statements.update("delete from console_session where used_at < ? or created_at < ?", statement -> {
            statement.setObject(1, now.minus(idle).atOffset(ZoneOffset.UTC));
            statement.setObject(2, now.minus(LONGEST).atOffset(ZoneOffset.UTC));
        });
    }

    private static byte[] hash(String token) {
        return DigestUtils.sha256(token.getBytes(StandardCharsets.US_ASCII));
    }
}
