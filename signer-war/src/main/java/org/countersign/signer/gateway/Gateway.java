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
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.exchange.Exchange;
import org.countersign.server.logging.ContextLogger;

/**
 * The gateway that reaches holders' devices. It is asked by {@code POST URL/approvals} and {@code POST URL/messages}, JSON,
 * with HTTP Basic; it takes what it is sent and answers 200 at once. What the holder says comes later, as a call of the
 * gateway's with the same name and secret.
 */
public final class Gateway {

    private static final System.Logger LOG = ContextLogger.of(Gateway.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(10);
    private static final String JSON_TYPE = "application/json";
    private static final JsonMapper JSON = new JsonMapper();

    private final GatewaySettings settings;
    private final Exchange exchange = new Exchange(PATIENCE);

    public Gateway(GatewaySettings settings) {
        this.settings = settings;
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
     * @param content what the answer has to repeat
     * @param values of the templates
     * @throws ProtocolException temporarily_unavailable when the gateway did not take it
     */
    public void ask(UUID id, SeatName seat, byte[] content, Map<String, String> values) {
        var body = body(id, seat, settings.approvalSubject(), settings.approvalText(), values);
        body.put("content", Base64.getEncoder().encodeToString(content));
        body.put("expiresIn", settings.answerTime().toSeconds());
        post("approvals", body);
    }

    /** Has a holder told something, likewise. */
    public void tell(UUID id, SeatName seat, Map<String, String> values) {
        post("messages", body(id, seat, settings.messageSubject(), settings.messageText(), values));
    }

    private static Map<String, Object> body(
            UUID id, SeatName seat, Template subject, Template text, Map<String, String> values) {
        var body = new LinkedHashMap<String, Object>();
        body.put("id", id.toString());
        body.put("tenant", seat.tenant());
        body.put("seat", seat.seat());
        body.put("subject", subject.filled(values));
        body.put("text", text.filled(values));
        return body;
    }

    private void post(String what, Map<String, Object> body) {
        try {
            exchange.post(
                    URI.create(settings.url() + "/" + what),
                    JSON_TYPE,
                    JSON.writeValueAsString(body).getBytes(StandardCharsets.UTF_8),
                    JSON_TYPE,
                    Optional.of(Exchange.basic(settings.clientId(), settings.clientSecret())));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        } catch (IOException away) {
            LOG.log(System.Logger.Level.WARNING, "The gateway takes no {0}: {1}", what, away.getMessage());
            throw ProtocolException.retryAfter(
                    OAuth2Error.TEMPORARILY_UNAVAILABLE, "The holder can not be reached now; try again later", RETRY);
        }
    }
}
