package org.countersign.signer.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.exchange.Exchange;
import org.countersign.server.exchange.NotTakenException;
import org.countersign.server.logging.ContextLogger;

/**
 * The gateway that reaches holders' devices. It is asked by {@code POST URL/approvals} and {@code POST URL/messages}, JSON,
 * with HTTP Basic; it takes what it is sent and answers 200 at once. What the holder says comes later, as a call of the
 * gateway's with the same name and secret.
 */
public final class Gateway {

    private static final System.Logger LOG = ContextLogger.of(Gateway.class);

    /** How long one call of the gateway may take. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    /** So that a gateway that does not answer keeps not every thread of the server. */
    static final int MOST_AT_ONCE = 12;

    private static final Duration RETRY = Duration.ofSeconds(10);
    private static final String JSON_TYPE = "application/json";
    private static final JsonMapper JSON = new JsonMapper();

    private final GatewaySettings settings;
    private final Exchange exchange;
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);

    public Gateway(GatewaySettings settings) {
        this(settings, PATIENCE);
    }

    Gateway(GatewaySettings settings, Duration patience) {
        this.settings = settings;
        this.exchange = new Exchange(patience);
    }

    public GatewaySettings settings() {
        return settings;
    }

    /** Whether a call is the gateway's own, by its {@code Authorization} header. */
    public boolean isOwn(String authorization) {
        var expected = Exchange.basic(settings.clientId(), settings.clientSecret());
        return authorization != null
                && MessageDigest.isEqual(DigestUtils.sha256(authorization), DigestUtils.sha256(expected));
    }

    /**
     * Has a holder asked.
     *
     * @param subject and text, as the holder is to be shown them
     * @param content what the answer has to repeat
     * @throws ProtocolException temporarily_unavailable when the gateway did not take it
     */
    public void ask(UUID id, SeatName seat, String subject, String text, byte[] content) {
        var body = body(id, seat, subject, text);
        body.put("content", Base64.getEncoder().encodeToString(content));
        body.put("expiresIn", settings.answerTime().toSeconds());
        if (post("approvals", body) != Delivery.TAKEN) {
            throw notReached();
        }
    }

    /** What is known of what the gateway was sent. */
    public enum Delivery {
        TAKEN,
        /** For certain: it went to nobody. */
        NOT_TAKEN,
        /** There was no answer that tells. */
        UNKNOWN
    }

    /**
     * Has a holder told something.
     *
     * @return what is to be refused as {@link #notReached} when it was not taken
     */
    public Delivery tell(UUID id, SeatName seat, Map<String, String> values) {
        return post(
                "messages",
                body(
                        id,
                        seat,
                        settings.messageSubject().filled(values),
                        settings.messageText().filled(values)));
    }

    private static Map<String, Object> body(UUID id, SeatName seat, String subject, String text) {
        var body = new LinkedHashMap<String, Object>();
        body.put("id", id.toString());
        body.put("tenant", seat.tenant());
        body.put("seat", seat.seat());
        body.put("subject", subject);
        body.put("text", text);
        return body;
    }

    private Delivery post(String what, Map<String, Object> body) {
        if (!places.tryAcquire()) {
            LOG.log(System.Logger.Level.WARNING, "The gateway takes no {0}: too many wait for it", what);
            return Delivery.NOT_TAKEN;
        }
        try {
            exchange.post(
                    URI.create(settings.url() + "/" + what),
                    JSON_TYPE,
                    JSON.writeValueAsString(body).getBytes(StandardCharsets.UTF_8),
                    JSON_TYPE,
                    Optional.of(Exchange.basic(settings.clientId(), settings.clientSecret())));
            return Delivery.TAKEN;
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        } catch (IOException away) {
            LOG.log(System.Logger.Level.WARNING, "The gateway takes no {0}: {1}", what, away.getMessage());
            return away instanceof NotTakenException ? Delivery.NOT_TAKEN : Delivery.UNKNOWN;
        } finally {
            places.release();
        }
    }

    public static ProtocolException notReached() {
        return ProtocolException.retryAfter(
                OAuth2Error.TEMPORARILY_UNAVAILABLE, "The holder can not be reached now; try again later", RETRY);
    }
}
