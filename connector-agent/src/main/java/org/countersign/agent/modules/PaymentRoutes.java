package org.countersign.agent.modules;

import jakarta.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.countersign.agent.loopback.Call;
import org.countersign.agent.loopback.Jsons;
import org.countersign.agent.loopback.Route;
import org.countersign.agent.loopback.Route.Access;
import org.countersign.agent.readers.Reader;
import org.countersign.agent.readers.Readers;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;

/** {@code /v3/modules/{module}/apps/payment/[{application}/]readers/{reader}/…}: what payment cards tell. */
public final class PaymentRoutes {

    private static final String APP = "/v3/modules/{module}/apps/payment/";
    private static final String READER = "readers/{reader}/";
    private static final String APPLICATION = APP + "{application}/" + READER;
    private static final Pattern AID = Pattern.compile("[0-9A-Fa-f]{10,32}");

    private final TokenModules modules;
    private final Readers readers;

    public PaymentRoutes(TokenModules modules, Readers readers) {
        this.modules = modules;
        this.readers = readers;
    }

    public List<Route> routes() {
        return List.of(
                Route.get(APP + READER + "data", Access.TOKEN, call -> ask(call, "data")),
                Route.get(APP + READER + "application-data", Access.TOKEN, call -> ask(call, "application-data")),
                Route.get(APPLICATION + "cert-list", Access.TOKEN, call -> ask(call, "certificates")),
                Route.get(
                        APPLICATION + "issuer-cert",
                        Access.TOKEN,
                        call -> certificate(call, "issuerPublicCertificate")),
                Route.get(APPLICATION + "icc-cert", Access.TOKEN, call -> certificate(call, "ICCPublicCertificate")));
    }

    private JsonObject certificate(Call call, String member) {
        return Optional.ofNullable(ask(call, "certificates").getJsonObject(member))
                .orElseThrow(() ->
                        new ProtocolException(AgentError.CERTIFICATE_NOT_FOUND, "The card has no such certificate"));
    }

    private JsonObject ask(Call call, String operation) {
        var module = modules.find(call.path().get("module"))
                .orElseThrow(() ->
                        new ProtocolException(AgentError.MODULE_NOT_FOUND, "There is no such module on this machine"));
        var reader = readers.find(call.path().get("reader"))
                .orElseThrow(() -> new ProtocolException(AgentError.READER_NOT_FOUND, "There is no such reader"));
        if (reader.card().isEmpty()) {
            throw new ProtocolException(AgentError.NO_CARD, "There is no card in the reader");
        }
        var details = Jsons.object();
        var application = call.path().get("application");
        if (application != null) {
            if (!AID.matcher(application).matches()) {
                throw new ProtocolException(AgentError.BAD_REQUEST, "An application has 10 to 32 hexadecimal digits");
            }
            details.add("aid", application);
        }
        return module.call(Optional.of(reader).map(Reader::name), operation, details.build(), call.deadline());
    }
}
