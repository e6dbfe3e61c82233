package org.countersign.ds.consents;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.countersign.core.error.DsError;
import org.countersign.core.error.ProtocolException;
import org.countersign.ds.applications.Admission;
import org.countersign.ds.applications.Requester;
import org.countersign.ds.envelope.Envelope;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.web.ClientAddress;
import org.countersign.server.web.OpenToAll;

/**
 * Consents of users of shared hosts, for applications, which authenticate by their API key. The agent showed the code word
 * to its user, or found it in the clipboard; from then on the consent leads from that browser to that agent.
 */
@Path("agents")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@OpenToAll
public final class ConsentsResource {

    private static final JsonMapper JSON = new JsonMapper();
    /** 128 bits in base64url are 22 characters. */
    private static final Pattern CODE_WORD = Pattern.compile("[\\x21-\\x7e]{22,200}");

    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final Pattern ADDRESS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:.]{2,45}");
    private static final int MOST_DAYS = 365;
    private static final int MOST_CONSENTS = 20;
    private static final int LAST_PORT = 65_535;

    private final Consents consents;
    private final Admission admission;
    private final ClientAddress addresses;
    private final AuditLog audit;

    public ConsentsResource(Consents consents, Admission admission, ClientAddress addresses, AuditLog audit) {
        this.consents = consents;
        this.admission = admission;
        this.addresses = addresses;
        this.audit = audit;
    }

    /**
     * Where an agent is.
     *
     * @param deviceUuid as it is registered, with the application's organisation
     * @param apiIp an address as text
     * @param apiPort 1 to 65535
     * @param sandboxPort 1 to 65535; may be left out
     */
    public record Agent(UUID deviceUuid, String apiIp, Integer apiPort, Integer sandboxPort) {}

    /**
     * A consent as the user gave it.
     *
     * @param codeWord 22 to 200 printable ASCII characters without space, 128 random bits at least; good once
     * @param username of the operating system
     * @param browser the browser's token with its check digits; may be left out
     * @param origin of the page
     * @param durationInDays 1 to 365; 1 when left out
     */
    public record ConsentRequest(
            String codeWord, String username, String browser, String origin, Integer durationInDays, Agent agent) {}

    /**
     * A new consent.
     *
     * @param consent opaque
     * @param consentState {@code APPROVED}
     * @param expiresAt as RFC 3339 has it, in UTC
     */
    public record ConsentAnswer(String consent, String consentState, String expiresAt) {}

    /**
     * What a browser has.
     *
     * @param consents 1 to 20
     * @param username of the operating system; compared when it is there
     * @param browser as it was when consent was given
     * @param origin as it was when consent was given
     */
    public record ValidateRequest(List<String> consents, String username, String browser, String origin) {}

    /** @param consent the one of those given that is good, and what it leads to */
    public record ValidateAnswer(String consent, String consentState, String username, Agent agent, String expiresAt) {}

    @POST
    @Path("consent")
    public Envelope<ConsentAnswer> consent(
            @HeaderParam("apikey") String apiKey, @Context HttpServletRequest from, ConsentRequest request) {
        var organisation = organisation(apiKey, from);
        if (request == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        if (request.codeWord() == null || !CODE_WORD.matcher(request.codeWord()).matches()) {
            throw ProtocolException.invalidRequest(
                    "codeWord must have 22 to 200 printable ASCII characters, none of them a space");
        }
        int days = request.durationInDays() == null ? 1 : request.durationInDays();
        if (days < 1 || days > MOST_DAYS) {
            throw ProtocolException.invalidRequest("durationInDays must be from 1 to " + MOST_DAYS);
        }
        var who = ConsentComponents.of(request.username(), request.browser(), request.origin());
        var agent = agent(request.agent());
        var device = request.agent().deviceUuid();
        var given = consents.give(organisation, device, request.codeWord(), who, agent, Duration.ofDays(days));
        audit.append(AuditEvent.success("consent.given")
                .detail("organisation", organisation)
                .detail("consent", given.id())
                .detail("device", device)
                .detail("origin", who.origin())
                .detail("expiresAt", given.expiresAt()));
        return Envelope.of(
                new ConsentAnswer(given.token(), "APPROVED", given.expiresAt().toString()));
    }

    /** Finds the agent; 401 with 814501 when none of the consents is good. */
    @POST
    @Path("validate")
    public Envelope<ValidateAnswer> validate(
            @HeaderParam("apikey") String apiKey, @Context HttpServletRequest from, ValidateRequest request) {
        var organisation = organisation(apiKey, from);
        if (request == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        var tokens = request.consents();
        if (tokens == null || tokens.isEmpty() || tokens.size() > MOST_CONSENTS) {
            throw ProtocolException.invalidRequest("consents must be 1 to " + MOST_CONSENTS);
        }
        var browser = ConsentComponents.browser(request.browser());
        var origin = ConsentComponents.origin(request.origin());
        if (request.browser() == null && request.username() == null) {
            throw ProtocolException.invalidRequest("username is required of who has no browser token");
        }
        for (var token : tokens) {
            var found = token == null || !TOKEN.matcher(token).matches()
                    ? Optional.<Consents.Consent>empty()
                    : consents.find(organisation, token, Optional.ofNullable(request.username()), browser, origin);
            if (found.isPresent()) {
                var consent = found.get();
                return Envelope.of(new ValidateAnswer(
                        token,
                        "APPROVED",
                        consent.username(),
                        agentOf(consent.agent()),
                        consent.expiresAt().toString()));
            }
        }
        throw new ProtocolException(DsError.CONSENT_REQUIRED, "No consent is valid here");
    }

    private UUID organisation(String apiKey, HttpServletRequest from) {
        var requester = Requester.of(addresses.of(from), from.getAttribute(Requester.CERTIFICATES));
        return admission.admit(apiKey, requester).organisationId();
    }

    private static String agent(Agent agent) {
        if (agent == null
                || agent.deviceUuid() == null
                || agent.apiIp() == null
                || !ADDRESS.matcher(agent.apiIp()).matches()
                || !isPort(agent.apiPort())
                || agent.sandboxPort() != null && !isPort(agent.sandboxPort())) {
            throw ProtocolException.invalidRequest("agent must have deviceUuid, apiIp and apiPort");
        }
        try {
            return JSON.writeValueAsString(agent);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("An agent is not JSON", impossible);
        }
    }

    private static boolean isPort(Integer port) {
        return port != null && port >= 1 && port <= LAST_PORT;
    }

    private static Agent agentOf(String json) {
        try {
            return JSON.readValue(json, Agent.class);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("A stored agent is malformed", impossible);
        }
    }
}
