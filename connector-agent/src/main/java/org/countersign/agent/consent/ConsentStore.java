package org.countersign.agent.consent;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.countersign.agent.consent.Consent.Holder;
import org.countersign.agent.keys.PrivateFolder;
import org.countersign.agent.loopback.ConsentCheck;
import org.countersign.agent.loopback.ConsentType;
import org.countersign.agent.loopback.Jsons;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;

/**
 * The consents, the latest for each holder, in memory and in a file that only the user can read. Without the file, all are
 * to be given again.
 */
public final class ConsentStore implements ConsentCheck {

    private static final System.Logger LOG = System.getLogger(ConsentStore.class.getName());

    private static final String FILE = "consents.json";
    private static final String CONSENTS = "consents";
    private static final String CODE_WORDS = "codeWords";
    private static final int MOST_CONSENTS = 1_000;
    private static final int MOST_CODE_WORDS = 1_000;
    /** How long one that is over is known as such. */
    private static final Duration REMEMBERED = Duration.ofDays(30);

    private static final int ID_BYTES = 16;

    private final boolean required;
    private final PrivateFolder folder;
    private final Clock clock;
    private final Entropy entropy;
    private final String user;
    private final Map<Holder, Consent> consents = new ConcurrentHashMap<>();
    /** SHA-256 of those that were used, the latest last. */
    private final Set<String> codeWords = new LinkedHashSet<>();

    private ConsentStore(boolean required, PrivateFolder folder, Clock clock, Entropy entropy) {
        this.required = required;
        this.folder = folder;
        this.clock = clock;
        this.entropy = entropy;
        this.user = System.getProperty("user.name");
    }

    /** @param required whether anything needs a consent */
    public static ConsentStore open(boolean required, PrivateFolder folder, Clock clock, Entropy entropy) {
        var store = new ConsentStore(required, folder, clock, entropy);
        folder.read(FILE).ifPresent(store::load);
        return store;
    }

    private void load(byte[] file) {
        var json = Jsons.parse(file).orElse(JsonValue.EMPTY_JSON_OBJECT);
        if (!(json.get(CONSENTS) instanceof JsonArray given) || !(json.get(CODE_WORDS) instanceof JsonArray used)) {
            LOG.log(System.Logger.Level.WARNING, "{0} is damaged: consents are to be given again", FILE);
            return;
        }
        given.stream()
                .flatMap(value -> value instanceof JsonObject object ? Consent.of(object).stream() : Stream.empty())
                .forEach(consent -> consents.put(consent.holder(), consent));
        used.stream()
                .flatMap(value -> value instanceof JsonString word ? Stream.of(word.getString()) : Stream.empty())
                .forEach(codeWords::add);
    }

    @Override
    public void require(ConsentType type, Optional<String> origin, Optional<String> browser) {
        boolean given = !required
                || origin.flatMap(page -> Optional.ofNullable(consents.get(holder(type, page, browser))))
                        .filter(consent -> consent.isValid(clock.instant()))
                        .isPresent();
        if (!given) {
            throw new ProtocolException(AgentError.CONSENT_REQUIRED, "The user has not given consent for this page");
        }
    }

    /** Of this user. */
    Holder holder(ConsentType type, String origin, Optional<String> browser) {
        return new Holder(type, origin, user, browser.map(ConsentStore::sha256).orElse(""));
    }

    /** For the holder's days from now. */
    synchronized Consent grant(Holder holder, int days) {
        var id = HexFormat.of().formatHex(entropy.bytes(ID_BYTES));
        var consent = new Consent(id, holder, days, clock.instant().plus(Duration.ofDays(days)));
        consents.put(holder, consent);
        save();
        return consent;
    }

    /** Likewise by a code word that counts once; nothing when it was used before. */
    synchronized Optional<Consent> grant(Holder holder, int days, String codeWord) {
        if (!codeWords.add(sha256(codeWord))) {
            return Optional.empty();
        }
        return Optional.of(grant(holder, days));
    }

    /** One that is, or lately was, valid. */
    Optional<Consent> find(String id) {
        return consents.values().stream()
                .filter(consent -> consent.id().equals(id))
                .findFirst();
    }

    /** How many hold now. */
    public int inForce() {
        var now = clock.instant();
        return (int) consents.values().stream()
                .filter(consent -> consent.isValid(now))
                .count();
    }

    private void save() {
        var remembered = clock.instant().minus(REMEMBERED);
        consents.values().removeIf(consent -> !consent.isValid(remembered));
        consents.values().stream()
                .sorted(Comparator.comparing(Consent::end).reversed())
                .skip(MOST_CONSENTS)
                .toList()
                .forEach(consent -> consents.remove(consent.holder()));
        var oldest = codeWords.iterator();
        while (codeWords.size() > MOST_CODE_WORDS) {
            oldest.next();
            oldest.remove();
        }
        var list = Jsons.array();
        consents.values().forEach(consent -> list.add(consent.json()));
        folder.write(
                FILE,
                Jsons.bytes(Jsons.object()
                        .add(CONSENTS, list)
                        .add(CODE_WORDS, Jsons.texts(codeWords))
                        .build()));
    }

    private static String sha256(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
