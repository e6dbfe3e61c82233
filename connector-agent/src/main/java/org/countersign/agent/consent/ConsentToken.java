package org.countersign.agent.consent;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.countersign.agent.keys.PrivateFolder;
import org.countersign.agent.loopback.Jsons;
import org.countersign.core.entropy.Entropy;

/**
 * A consent as the v3 API hands it out: base64 of {@code {"agent":{…},"signedHash":"…"}}, the latter HMAC-SHA256 over the
 * former by a key of this installation. It names a consent and proves that this agent wrote it; alone it opens nothing.
 */
public final class ConsentToken {

    private static final String FILE = "consent.key";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;
    private static final int LONGEST = 4_096;
    private static final String AGENT = "agent";
    private static final String HASH = "signedHash";
    private static final String ID = "consentId";

    private final SecretKeySpec key;
    private final Clock clock;

    private ConsentToken(byte[] key, Clock clock) {
        this.key = new SecretKeySpec(key, ALGORITHM);
        this.clock = clock;
    }

    public static ConsentToken open(PrivateFolder folder, Clock clock, Entropy entropy) {
        var stored = folder.read(FILE).filter(bytes -> bytes.length == KEY_BYTES);
        return new ConsentToken(
                stored.orElseGet(() -> {
                    var made = entropy.bytes(KEY_BYTES);
                    folder.write(FILE, made);
                    return made;
                }),
                clock);
    }

    /** @param port by which the page reaches this agent: the v3 SDK goes on with that */
    String write(Consent consent, int port) {
        var agent = Jsons.object(agent(consent.holder().user(), port))
                .add("validityInDays", Integer.toString(consent.days()))
                .add(ID, consent.id())
                .add("validUntil", consent.end().toString())
                .build();
        var token = Jsons.object().add(AGENT, agent).add(HASH, hash(agent)).build();
        return Base64.getEncoder().encodeToString(Jsons.bytes(token));
    }

    /** This agent, as the v3 API describes one. */
    JsonObject agent(String user, int port) {
        var now = clock.instant().toString();
        return Jsons.object()
                .add("username", user)
                .add("apiIp", "127.0.0.1")
                .add("apiPort", Integer.toString(port))
                .add("apiPid", Long.toString(ProcessHandle.current().pid()))
                // The sandbox is reached by the agent alone.
                .add("sandboxIp", "127.0.0.1")
                .add("sandboxPort", "0")
                .add("sandboxPid", "0")
                .add("apiLastUsed", now)
                .add("clientLastUsed", now)
                .add("connectionState", "CONNECTED")
                .add("hostname", "localhost")
                .build();
    }

    /** The identifier of the consent; nothing when this agent did not write it. */
    Optional<String> read(String token) {
        if (token.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            return Jsons.parse(Base64.getDecoder().decode(token)).flatMap(this::read);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private Optional<String> read(JsonObject token) {
        if (token.get(AGENT) instanceof JsonObject agent
                && token.get(HASH) instanceof JsonString hash
                && agent.get(ID) instanceof JsonString id
                && MessageDigest.isEqual(
                        hash.getString().getBytes(StandardCharsets.UTF_8),
                        hash(agent).getBytes(StandardCharsets.UTF_8))) {
            return Optional.of(id.getString());
        }
        return Optional.empty();
    }

    private String hash(JsonObject agent) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return Base64.getEncoder().encodeToString(mac.doFinal(Jsons.bytes(agent)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
