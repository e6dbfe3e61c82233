package org.countersign.server.console;

import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.keys.Argon2Cost;
import org.countersign.server.keys.SecretHash;
import org.countersign.server.limits.Windows;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Peer;
import org.countersign.server.oauth.ServerAccounts;
import org.countersign.server.web.ClientAddress;

/**
 * Whether somebody is a user of the configuration file, or else one whom the application server knows. Guessing is slowed down by address and by name, counted on this
 * node, and written down.
 */
public final class SignIn {

    private static final Duration WINDOW = Duration.ofMinutes(5);
    private static final int TRIES_OF_NAME_FROM_NETWORK = 5;
    private static final int FAILURES_FROM_NETWORK = 30;
    private static final int FAILURES_OF_NAME = 50;
    /** Directories lock accounts after some more than these. */
    private static final int FAILURES_OF_SERVERS_NAME = 5;

    private static final int REMEMBERED = 10_000;
    private static final int LONGEST_PASSWORD = 256;
    /** Each takes tens of MiB for a moment. */
    private static final int AT_ONCE = 4;

    private static final int PATIENCE_SECONDS = 2;

    private final Map<String, ConsoleUser> users;
    private final boolean serverAccounts;
    private final Set<ApiGroup> roles;
    private final Admission admission;
    private final String nobody;
    private final SecretHash hashes;
    private final AuditLog audit;
    private final SessionEvents events;
    private final Semaphore checks = new Semaphore(AT_ONCE);
    /** Of their own: a directory that does not answer keeps nobody out whom the file knows. */
    private final Semaphore questions = new Semaphore(AT_ONCE);

    private final Windows tries;
    private final Windows networks;
    private final Windows names;

    /** Of an operators' console. */
    public SignIn(ConsoleSettings settings, AuditLog audit, Clock clock, Entropy entropy) {
        this(settings, Admission.ALL, audit, clock, entropy);
    }

    /** @param admission of who has a role and the right password */
    public SignIn(ConsoleSettings settings, Admission admission, AuditLog audit, Clock clock, Entropy entropy) {
        var users = settings.users();
        this.users = users.stream().collect(Collectors.toMap(ConsoleUser::name, Function.identity()));
        this.serverAccounts = settings.serverAccounts();
        this.roles = settings.roles();
        this.admission = admission;
        this.hashes = new SecretHash(Argon2Cost.PASSWORD, entropy);
        this.nobody =
                users.isEmpty() ? hashes.hash(entropy.token()) : users.get(0).passwordHash();
        this.audit = audit;
        this.events = new SessionEvents(settings.tenant());
        this.tries = new Windows(WINDOW, REMEMBERED, clock);
        this.networks = new Windows(WINDOW, REMEMBERED, clock);
        this.names = new Windows(WINDOW, REMEMBERED, clock);
    }

    /** A user as the file has it now. */
    Optional<ConsoleUser> find(String name) {
        return Optional.ofNullable(users.get(name));
    }

    /**
     * Who has this name and password. The file's users come first; of their names, in capital letters or small ones, the
     * server is not asked.
     *
     * @param address where the request comes from, in digits
     * @throws ProtocolException {@code access_denied}, the same whether the name or the password is wrong; {@code slow_down}
     *     with the time to wait
     */
    Person signIn(String name, String password, String address, Peer peer) {
        if (name == null || password == null || password.isEmpty() || password.length() > LONGEST_PASSWORD) {
            throw ProtocolException.invalidRequest(
                    "user and password are required, the latter of 256 characters at most");
        }
        // Names that do not exist are counted like those that do: else who waits would tell which is which.
        var counted = ConsoleSettings.isName(name) ? fold(name) : "";
        var user = users.get(name);
        var network = ClientAddress.network(address);
        var both = network + ' ' + counted;
        slowDown(both, counted, user, address);
        var person = user == null && isAskedOf(counted)
                ? serversPerson(name, password, both)
                : filesPerson(password, user, both);
        var refusal = refusal(person, peer);
        if (refusal.isPresent()) {
            // Whose password is right guessed nothing.
            if (refusal.get() == Refusal.PASSWORD) {
                networks.add(network);
                names.add(counted);
            }
            var known = person.map(Person::auditName)
                    .or(() -> Optional.ofNullable(user).map(SignIn::name));
            refused(known, address, refusal.get().reason());
            throw new ProtocolException(OAuth2Error.ACCESS_DENIED, refusal.get().words());
        }
        tries.forget(both);
        var found = person.orElseThrow();
        audit.append(events.success("signed-in", found.auditName()).detail("address", address));
        return found;
    }

    private Optional<Refusal> refusal(Optional<Person> person, Peer peer) {
        if (person.isEmpty()) {
            return Optional.of(Refusal.PASSWORD);
        }
        if (person.get().demonstration() && !peer.isLoopback()) {
            return Optional.of(Refusal.DEMONSTRATION);
        }
        if (person.get().roles().isEmpty()) {
            return Optional.of(Refusal.ROLE);
        }
        return admission.admits(person.get(), peer) ? Optional.empty() : Optional.of(Refusal.SEAT);
    }

    /** What the audit log and the page have. */
    private enum Refusal {
        PASSWORD("password", "The user name or the password is wrong"),
        DEMONSTRATION("demonstration", "A user for demonstration signs in on the server's machine only"),
        ROLE("role", "You have no role here"),
        SEAT("seat", "You are not among those who may do something here; ask who administers the service");

        private final String reason;
        private final String words;

        Refusal(String reason, String words) {
            this.reason = reason;
            this.words = words;
        }

        String reason() {
            return reason;
        }

        String words() {
            return words;
        }
    }

    private static String name(ConsoleUser user) {
        return Person.Source.FILE.auditName(user.name());
    }

    private void slowDown(String both, String name, ConsoleUser user, String address) {
        var network = ClientAddress.network(address);
        // Counted before it is looked at, so that guesses at once are not more than one after the other.
        int count = tries.add(both);
        if (count > TRIES_OF_NAME_FROM_NETWORK) {
            if (count == TRIES_OF_NAME_FROM_NETWORK + 1) {
                refused(Optional.ofNullable(user).map(SignIn::name), address, "guessing");
            }
            throw wait(tries.remaining(both));
        }
        // What is refused without a look at the password was no guess.
        if (networks.count(network) >= FAILURES_FROM_NETWORK) {
            tries.takeBack(both);
            throw wait(networks.remaining(network));
        }
        if (names.count(name) >= (isAskedOf(name) ? FAILURES_OF_SERVERS_NAME : FAILURES_OF_NAME)) {
            tries.takeBack(both);
            throw wait(names.remaining(name));
        }
    }

    private static ProtocolException wait(Duration wait) {
        return ProtocolException.retryAfter(OAuth2Error.SLOW_DOWN, "Too many attempts; try again later", wait);
    }

    /** Whether the server is asked of a name, folded. */
    private boolean isAskedOf(String folded) {
        return serverAccounts
                && !folded.isEmpty()
                && users.keySet().stream().noneMatch(name -> fold(name).equals(folded));
    }

    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** Takes the same time for a name that does not exist, as long as all hashes of the file were made at the same cost. */
    private Optional<Person> filesPerson(String password, ConsoleUser user, String both) {
        return one(
                checks,
                both,
                () -> hashes.matches(password, user == null ? nobody : user.passwordHash())
                        ? Optional.ofNullable(user).map(Person::of)
                        : Optional.empty());
    }

    private Optional<Person> serversPerson(String name, String password, String both) {
        return one(
                questions,
                both,
                () -> ServerAccounts.groups(name, password, roles)
                        .map(roles -> new Person(Person.Source.SERVER, name, roles, false)));
    }

    private <T> T one(Semaphore few, String both, Supplier<T> check) {
        if (!isFree(few)) {
            tries.takeBack(both);
            throw wait(Duration.ofSeconds(1));
        }
        try {
            return check.get();
        } finally {
            few.release();
        }
    }

    private static boolean isFree(Semaphore few) {
        try {
            return few.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What was typed for a name that does not exist may be a password: it is not written down. */
    private void refused(Optional<String> known, String address, String reason) {
        audit.append(events.failure("sign-in-refused", known.orElse(null))
                .detail("address", address)
                .detail("reason", known.isEmpty() ? "unknown" : reason));
    }
}
