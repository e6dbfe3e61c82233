package org.countersign.agent.modules;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.countersign.agent.dialogs.Dialogs;
import org.countersign.agent.loopback.Call;
import org.countersign.agent.loopback.Jsons;
import org.countersign.agent.loopback.Route;
import org.countersign.agent.loopback.Route.Access;
import org.countersign.agent.loopback.Route.Handler;
import org.countersign.agent.modules.BulkPins.InsertedCard;
import org.countersign.agent.modules.BulkPins.Place;
import org.countersign.agent.modules.CardCertificate.Use;
import org.countersign.agent.readers.Reader;
import org.countersign.agent.readers.Readers;
import org.countersign.agent.signature.HashSignature;
import org.countersign.agent.signature.SignatureScheme;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;

/** {@code /v3/modules/{module}/apps/token/[readers/{reader}/]…}, and {@code /v3/modules/truststore/…}. */
public final class TokenRoutes {

    private static final String APP = "/v3/modules/{module}/apps/token/";
    private static final String READER = APP + "readers/{reader}/";
    private static final String TRUSTSTORE = "/v3/modules/" + TokenModules.TRUSTSTORE + "/";
    private static final int LONGEST_HASH = 64;
    private static final int LONGEST_SIGNATURE = 1_024;
    private static final int MOST_RAW_DATA = 512 << 10;
    private static final int LONGEST_TRANSACTION = 128;
    private static final int LONGEST_SECONDS = 600;

    private static final Map<Use, String> CERTIFICATE_CALLS = Map.of(
            Use.ROOT, "root-cert",
            Use.INTERMEDIATE, "intermediate-certs",
            Use.AUTHENTICATION, "authentication-cert",
            Use.NON_REPUDIATION, "nonrepudiation-cert",
            Use.ENCRYPTION, "encryption-cert");

    /** Members of {@code cert-list}. */
    private static final Map<Use, String> LIST_MEMBERS = Map.of(
            Use.ROOT, "rootCertificate",
            Use.INTERMEDIATE, "intermediateCertificates",
            Use.AUTHENTICATION, "authenticationCertificate",
            Use.NON_REPUDIATION, "nonRepudiationCertificate",
            Use.ENCRYPTION, "encryptionCertificate");

    /** What an identity card tells of its holder. */
    private static final List<String> IDENTITY = List.of("biometric", "address", "picture");

    private final TokenModules modules;
    private final Readers readers;
    private final Pins pins;
    private final Optional<BulkPins> bulkPins;
    private final Dialogs dialogs;

    /** @param bulkTime how long a PIN for a series of signatures is kept; zero keeps none */
    public TokenRoutes(TokenModules modules, Readers readers, Pins pins, Duration bulkTime, Dialogs dialogs) {
        this.modules = modules;
        this.readers = readers;
        this.pins = pins;
        this.bulkPins = bulkTime.isZero() ? Optional.empty() : Optional.of(new BulkPins(bulkTime));
        this.dialogs = dialogs;
    }

    public List<Route> routes() {
        Map<String, Handler> gets = new LinkedHashMap<>();
        gets.put("cert-list", call -> list(call, certificates(call)));
        CERTIFICATE_CALLS.forEach((use, name) -> gets.put(name, call -> of(use, certificates(call))));
        gets.put("supported-algorithms", this::algorithms);
        gets.put("info", call -> ask(call, "info"));
        gets.put("all-data", this::allData);
        IDENTITY.forEach(name -> gets.put(name, call -> ask(call, name)));
        Map<String, Handler> posts = Map.of(
                "verify-pin", this::verifyPin,
                "sign", call -> sign(call, Use.NON_REPUDIATION, hash(call, "data")),
                "sign_raw", call -> sign(call, Use.NON_REPUDIATION, hashed(call)),
                "authenticate", call -> sign(call, Use.AUTHENTICATION, hash(call, "data")),
                "validate", this::validate,
                "reset-pin", this::resetPin,
                "reset-bulk-pin", this::resetBulkPin);
        var routes = new ArrayList<Route>();
        for (var prefix : List.of(APP, READER, TRUSTSTORE)) {
            gets.forEach((name, handler) -> routes.add(Route.get(prefix + name, Access.TOKEN, handler)));
            posts.forEach((name, handler) -> routes.add(Route.post(prefix + name, Access.TOKEN, handler)));
            routes.add(Route.changingGet(prefix + "reset-bulk-pin", Access.TOKEN, this::resetBulkPin));
        }
        return routes;
    }

    private static String moduleName(Call call) {
        return call.path().getOrDefault("module", TokenModules.TRUSTSTORE);
    }

    private TokenModule module(Call call) {
        return modules.find(moduleName(call))
                .orElseThrow(() ->
                        new ProtocolException(AgentError.MODULE_NOT_FOUND, "There is no such module on this machine"));
    }

    private Optional<Reader> reader(Call call) {
        return Optional.ofNullable(call.path().get("reader"))
                .map(id -> readers.find(id)
                        .orElseThrow(
                                () -> new ProtocolException(AgentError.READER_NOT_FOUND, "There is no such reader")));
    }

    private JsonObject ask(Call call, String operation) {
        return ask(call, operation, JsonObject.EMPTY_JSON_OBJECT);
    }

    private JsonObject ask(Call call, String operation, JsonObject details) {
        var module = module(call);
        var reader = reader(call);
        if (reader.isPresent() && reader.get().card().isEmpty()) {
            throw new ProtocolException(AgentError.NO_CARD, "There is no card in the reader");
        }
        int seconds = call.number("timeout", 1, LONGEST_SECONDS, LONGEST_SECONDS);
        var deadline = call.deadline().withEach(Duration.ofSeconds(seconds));
        return module.call(reader.map(Reader::name), operation, details, deadline);
    }

    /**
     * The card that a PIN is for. Its process shows the PIN to no other, whatever is in the reader by then.
     *
     * @param id of the card; empty for a file
     * @param place where it is, for the user
     * @param numbered whether the id has a serial number
     * @param pinpad whether the PIN is given on the reader itself
     */
    private record Card(String id, String place, boolean numbered, boolean pinpad) {

        JsonObject bound(JsonObject details) {
            return id.isEmpty()
                    ? details
                    : Jsons.object(details).add("card", id).build();
        }
    }

    private Card card(Call call, JsonObject told) {
        return new Card(
                told.getString("card", ""),
                cardsPlace(call, told.getString("reader", "")),
                told.getBoolean("numbered", false),
                told.getBoolean("pinpad", false));
    }

    /** A PIN of the page's is for the first card there is: nobody knows whether it is another's. */
    private static JsonObject first(Optional<String> pin) {
        return pin.isPresent() ? Jsons.object().add("first", true).build() : JsonObject.EMPTY_JSON_OBJECT;
    }

    private List<CardCertificate> certificates(Call call) {
        return certificates(ask(call, "certificates"));
    }

    private static List<CardCertificate> certificates(JsonObject told) {
        return told.getJsonArray("certificates").stream()
                .map(JsonValue::asJsonObject)
                .map(CardCertificate::of)
                .flatMap(Optional::stream)
                .toList();
    }

    private static boolean isWanted(Call call, String... names) {
        var filter = List.of(call.query().getOrDefault("filter", "").split(",")).stream()
                .filter(name -> !name.isEmpty())
                .toList();
        return filter.isEmpty() || List.of(names).stream().anyMatch(filter::contains);
    }

    private static JsonObject list(Call call, List<CardCertificate> certificates) {
        var data = Jsons.object();
        for (var use : Use.values()) {
            if (isWanted(call, CERTIFICATE_CALLS.get(use), LIST_MEMBERS.get(use))
                    && certificates.stream().anyMatch(certificate -> certificate.is(use))) {
                data.add(LIST_MEMBERS.get(use), of(use, certificates));
            }
        }
        return data.build();
    }

    private static JsonObject of(Use use, List<CardCertificate> certificates) {
        var fitting =
                certificates.stream().filter(certificate -> certificate.is(use)).toList();
        if (fitting.isEmpty()) {
            throw new ProtocolException(AgentError.CERTIFICATE_NOT_FOUND, "The card has no such certificate");
        }
        var array = Jsons.array();
        fitting.forEach(certificate -> array.add(certificate.json(use, certificates)));
        return Jsons.object().add("certificates", array).build();
    }

    /** Of an identity card what it tells of its holder, of any other token what it is and its certificates. */
    private JsonValue allData(Call call) {
        var data = Jsons.object();
        boolean identity = false;
        for (var name : IDENTITY) {
            if (isWanted(call, name)) {
                try {
                    data.add(name, ask(call, name));
                    identity = true;
                } catch (ProtocolException refusal) {
                    if (refusal.code() != AgentError.NOT_OFFERED) {
                        throw refusal;
                    }
                }
            }
        }
        if (identity) {
            return data.build();
        }
        if (isWanted(call, "info")) {
            data.add("info", ask(call, "info"));
        }
        list(call, certificates(call)).forEach(data::add);
        return data.build();
    }

    private JsonValue algorithms(Call call) {
        return Jsons.object()
                .add("ref", ask(call, "algorithms").getJsonArray("algorithms"))
                .build();
    }

    private JsonValue verifyPin(Call call) {
        checkCommon(call);
        var sent = sentPin(call);
        var card = card(call, ask(call, "card", first(sent)));
        var pin = call.flag("osDialog") ? typed(call, card, Optional.empty()) : sent;
        var details = with(JsonObject.EMPTY_JSON_OBJECT, pin);
        return Jsons.object()
                .add("verified", askWithPin(call, "verify-pin", details, card).getBoolean("verified"))
                .build();
    }

    private JsonValue resetPin(Call call) {
        checkCommon(call);
        if (call.flag("resetOnly")) {
            throw new ProtocolException(AgentError.NOT_OFFERED, "The card's counter is not reset without a new PIN");
        }
        var puk = call.text("puk")
                .map(pins::read)
                .orElseThrow(() -> new ProtocolException(AgentError.PIN_REQUIRED, "puk is required"));
        var sent = sentPin(call);
        var card = card(call, ask(call, "card", first(Optional.of(puk))));
        var pin = call.flag("osDialog") ? typed(call, card, Optional.empty()) : sent;
        var details = with(Jsons.object().add("puk", puk).build(), pin);
        return Jsons.object()
                .add("verified", ask(call, "reset-pin", card.bound(details)).getBoolean("verified"))
                .build();
    }

    private JsonValue sign(Call call, Use use, byte[] hash) {
        checkCommon(call);
        var scheme = algorithm(call);
        if (hash.length != scheme.hashBytes()) {
            throw new ProtocolException(AgentError.BAD_REQUEST, "data has another length than such a hash");
        }
        // What somebody typed to sign in must not sign documents.
        boolean bulk = use == Use.NON_REPUDIATION && "true".equals(call.query().get("bulk"));
        var sent = sentPin(call);
        var asked = call.flag("osDialog") ? Optional.of(card(call, ask(call, "card"))) : Optional.<Card>empty();
        var pin = asked.isPresent() ? typed(call, asked.get(), series(bulk, asked.get())) : sent;
        var details =
                asked.map(shown -> shown.bound(JsonObject.EMPTY_JSON_OBJECT)).orElseGet(() -> first(sent));
        var token = known(call, pin, details);
        var card = asked.orElseGet(() -> card(call, token));
        var certificate = chosen(call, use, certificates(token));
        var request = Jsons.object()
                .add("algorithm", scheme.wireName())
                .add("hash", Base64.getEncoder().encodeToString(hash))
                .add("id", certificate.id())
                .add(
                        "keyType",
                        certificate
                                .keyType()
                                .orElseThrow(() -> new ProtocolException(
                                        AgentError.ALGORITHM_REFUSED, "Keys of this kind do not sign here")))
                .build();
        var signature =
                bulk ? signInSeries(call, request, pin, card) : askWithPin(call, "sign", with(request, pin), card);
        return Jsons.object().add("data", signature.getString("signature")).build();
    }

    private static JsonObject with(JsonObject details, Optional<String> pin) {
        return pin.map(given -> Jsons.object(details).add("pin", given).build()).orElse(details);
    }

    /** With the PIN that is kept when none is given; one that was right is kept. */
    private JsonObject signInSeries(Call call, JsonObject details, Optional<String> given, Card card) {
        var place = place(call);
        if (bulkPins.isEmpty() || given.isEmpty() && !bulkPins.get().has(place)) {
            return askWithPin(call, "sign", with(details, given), card);
        }
        var pins = bulkPins.get();
        var inserted = new InsertedCard(card.id(), readers.insertions(reader(call)));
        var pin = given.or(() -> pins.find(place, inserted));
        try {
            var signature = askWithPin(call, "sign", with(details, pin), card);
            if (given.isPresent() && card.numbered()) {
                pins.keep(place, inserted, given.get());
            }
            return signature;
        } catch (ProtocolException refusal) {
            if (refusal.code() != AgentError.BUSY) {
                // A PIN that failed is not tried again by itself.
                pins.forget(place);
            }
            throw refusal;
        }
    }

    private Place place(Call call) {
        return new Place(call.origin().orElse(""), moduleName(call), call.path().getOrDefault("reader", ""));
    }

    /** How long a PIN that is typed now will be kept. */
    private Optional<Duration> series(boolean bulk, Card card) {
        return bulkPins.filter(pins -> bulk && card.numbered()).map(BulkPins::time);
    }

    private JsonValue resetBulkPin(Call call) {
        var module = module(call).name();
        bulkPins.ifPresent(pins -> pins.forget(call.origin().orElse(""), module));
        return JsonValue.TRUE;
    }

    private JsonValue validate(Call call) {
        checkCommon(call);
        var scheme = algorithm(call);
        var hash = hash(call, "hash");
        if (hash.length != scheme.hashBytes()) {
            throw new ProtocolException(AgentError.BAD_REQUEST, "hash has another length than such a hash");
        }
        var signature = bytes(call, "signedHash", LONGEST_SIGNATURE);
        var certificate = chosen(call, Use.NON_REPUDIATION, certificates(call));
        boolean valid = HashSignature.verify(scheme, certificate.certificate().getPublicKey(), hash, signature);
        return Jsons.object().add("valid", valid).build();
    }

    /** Those of a file are known once it was opened, with the PIN that came along. */
    private JsonObject known(Call call, Optional<String> pin, JsonObject details) {
        try {
            return ask(call, "certificates", details);
        } catch (ProtocolException refusal) {
            if (refusal.code() != AgentError.PIN_REQUIRED || pin.isEmpty()) {
                throw refusal;
            }
            ask(call, "verify-pin", with(JsonObject.EMPTY_JSON_OBJECT, pin));
            return ask(call, "certificates", details);
        }
    }

    private static CardCertificate chosen(Call call, Use use, List<CardCertificate> certificates) {
        var id = call.text("id");
        return certificates.stream()
                .filter(found -> id.map(found.id()::equalsIgnoreCase).orElseGet(() -> found.is(use)))
                .findFirst()
                .orElseThrow(() ->
                        new ProtocolException(AgentError.CERTIFICATE_NOT_FOUND, "The card has no such certificate"));
    }

    /** Before anything is asked of the card. */
    private static SignatureScheme algorithm(Call call) {
        return call.text("algorithm")
                .flatMap(SignatureScheme::of)
                .orElseThrow(() -> new ProtocolException(
                        AgentError.ALGORITHM_REFUSED, "algorithm is missing, or none that is known here"));
    }

    /** The page's; none when it wants the agent's own window, whatever else it sends. */
    private Optional<String> sentPin(Call call) {
        return call.flag("osDialog") ? Optional.empty() : call.text("pin").map(pins::read);
    }

    /**
     * By the agent's own window, or by the reader's pin pad.
     *
     * @param series how long it will be kept
     */
    private Optional<String> typed(Call call, Card card, Optional<Duration> series) {
        if (card.pinpad()) {
            return Optional.empty();
        }
        var typed = dialogs.pin(call, card.place(), series);
        var pin = new String(typed);
        Arrays.fill(typed, '\0');
        return Optional.of(pin);
    }

    /** On the card's last try, which no PIN is used for otherwise, the user decides. */
    private JsonObject askWithPin(Call call, String operation, JsonObject details, Card card) {
        var bound = card.bound(details);
        try {
            return ask(call, operation, bound);
        } catch (ProtocolException refusal) {
            if (refusal.code() != AgentError.PIN_LAST_TRY || !dialogs.riskLastTry(call, card.place())) {
                throw refusal;
            }
            return ask(call, operation, Jsons.object(bound).add("lastTry", true).build());
        }
    }

    /** Where the card is, for the user: never in the page's words. */
    private String cardsPlace(Call call, String told) {
        return Optional.ofNullable(call.path().get("reader"))
                .flatMap(readers::find)
                .map(Reader::name)
                .or(() -> Optional.of(told).filter(name -> !name.isEmpty()))
                .orElseGet(() -> moduleName(call));
    }

    /** Members that say nothing to the card, and are wrong all the same when they are of another type. */
    private static void checkCommon(Call call) {
        call.flag("base64Encoded");
        if (call.text("txId")
                .filter(text -> text.length() > LONGEST_TRANSACTION)
                .isPresent()) {
            throw new ProtocolException(AgentError.BAD_REQUEST, "txId is too long");
        }
    }

    private static byte[] hash(Call call, String member) {
        return bytes(call, member, LONGEST_HASH);
    }

    /** Of data that is not hashed yet: what is signed is its hash all the same. */
    private static byte[] hashed(Call call) {
        return algorithm(call).hash(bytes(call, "data", MOST_RAW_DATA));
    }

    private static byte[] bytes(Call call, String member, int most) {
        try {
            return call.text(member)
                    .map(Base64.getDecoder()::decode)
                    .filter(bytes -> bytes.length > 0 && bytes.length <= most)
                    .orElseThrow(() -> malformed(member));
        } catch (IllegalArgumentException notBase64) {
            throw malformed(member);
        }
    }

    private static ProtocolException malformed(String member) {
        return new ProtocolException(AgentError.BAD_REQUEST, member + " is missing, not base64, or too long");
    }
}
