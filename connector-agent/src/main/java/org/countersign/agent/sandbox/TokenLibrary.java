package org.countersign.agent.sandbox;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.countersign.agent.loopback.Jsons;
import org.countersign.agent.signature.EcdsaSignature;
import org.countersign.agent.signature.SignatureScheme;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;
import org.xipki.pkcs11.wrapper.AttributeVector;
import org.xipki.pkcs11.wrapper.PKCS11Constants;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.PKCS11Module;
import org.xipki.pkcs11.wrapper.Session;
import org.xipki.pkcs11.wrapper.Slot;
import org.xipki.pkcs11.wrapper.Token;
import org.xipki.pkcs11.wrapper.TokenException;
import org.xipki.pkcs11.wrapper.TokenInfo;

/**
 * A PKCS#11 library (2.40), in the child process. Each call has its own session, which ends with it, logged out.
 *
 * <p>Requests have {@code operation}, and {@code reader}, the reader's name, when it is one reader's card that is meant.
 */
final class TokenLibrary implements Device {

    private static final int MOST_OBJECTS = 200;
    private static final int DESCRIPTION_CHARACTERS = 64;

    private final Path path;
    private PKCS11Module module;

    TokenLibrary(Path path) {
        this.path = path;
    }

    @Override
    public JsonObject answer(JsonObject request) throws TokenException, IOException {
        var slot = slot(request);
        var token = slot.getToken();
        return switch (request.getString("operation")) {
            case "info" -> TokenInformation.of(slot, token);
            case "card" -> TokenInformation.card(slot, token.getTokenInfo()).build();
            case "certificates" -> certificates(slot, token, request);
            case "algorithms" -> algorithms(token);
            case "verify-pin" -> verifyPin(token, pin(request), request);
            case "sign" -> sign(token, request);
            case "reset-pin" -> resetPin(token, request);
            default -> throw new ProtocolException(AgentError.NOT_OFFERED, "No such operation");
        };
    }

    private PKCS11Module module() throws TokenException, IOException {
        if (module == null) {
            var loaded = PKCS11Module.getInstance(path.toString());
            loaded.initialize();
            module = loaded;
        }
        return module;
    }

    /** The reader's, or the first with a token that is ready. */
    private Slot slot(JsonObject request) throws TokenException, IOException {
        var slots = module().getSlotList(true);
        var reader = request.getString("reader", null);
        for (var slot : slots) {
            boolean meant = reader == null
                    ? isReady(slot.getToken().getTokenInfo(), request)
                    : isOf(reader, slot.getSlotInfo().getSlotDescription().strip());
            if (meant) {
                return slot;
            }
        }
        throw new ProtocolException(AgentError.NO_CARD, "No card");
    }

    private static boolean isReady(TokenInfo info, JsonObject request) {
        return info.isTokenInitialized() && isMeant(info, request);
    }

    /** A description has room for the beginning of a long name only. */
    private static boolean isOf(String reader, String description) {
        return reader.equals(description)
                || description.length() >= DESCRIPTION_CHARACTERS - 1 && reader.startsWith(description);
    }

    private static JsonObject algorithms(Token token) {
        var names = Jsons.array();
        for (var scheme : SignatureScheme.values()) {
            boolean offered = Mechanisms.of(scheme, PKCS11Constants.CKK_RSA)
                            .filter(mechanism -> signs(token, mechanism.getMechanismCode()))
                            .isPresent()
                    || Mechanisms.of(scheme, PKCS11Constants.CKK_EC)
                            .filter(mechanism -> signs(token, mechanism.getMechanismCode()))
                            .isPresent();
            if (offered) {
                names.add(scheme.wireName());
            }
        }
        return Jsons.object().add("algorithms", names).build();
    }

    private static boolean signs(Token token, long mechanism) {
        return Arrays.stream(token.getMechanismList()).anyMatch(code -> code == mechanism)
                && token.getMechanismInfo(mechanism).hasFlagBit(PKCS11Constants.CKF_SIGN);
    }

    private static JsonObject certificates(Slot slot, Token token, JsonObject request) throws PKCS11Exception {
        var session = token.openSession(false);
        try {
            var info = token.getTokenInfo();
            requireSame(info, request);
            var list = Jsons.array();
            for (var handle : session.findAllObjectsSingle(AttributeVector.newX509Certificate())) {
                var values = session.getAttrValues(handle, PKCS11Constants.CKA_ID, PKCS11Constants.CKA_VALUE);
                if (values.value() != null && values.id() != null) {
                    list.add(Jsons.object()
                            .add("id", HexFormat.of().withUpperCase().formatHex(values.id()))
                            .add("certificate", Base64.getEncoder().encodeToString(values.value())));
                }
            }
            return TokenInformation.card(slot, info).add("certificates", list).build();
        } finally {
            session.closeSession();
        }
    }

    private static JsonObject verifyPin(Token token, Optional<char[]> pin, JsonObject request) throws PKCS11Exception {
        var session = token.openSession(false);
        try {
            login(token, session, pin, request);
            session.logout();
            return Jsons.object().add("verified", true).build();
        } finally {
            pin.ifPresent(characters -> Arrays.fill(characters, '\0'));
            session.closeSession();
        }
    }

    private static JsonObject sign(Token token, JsonObject request) throws PKCS11Exception {
        var scheme = SignatureScheme.of(request.getString("algorithm"))
                .orElseThrow(() -> new ProtocolException(AgentError.ALGORITHM_REFUSED, "Unknown"));
        var hashed = Base64.getDecoder().decode(request.getString("hash"));
        if (hashed.length != scheme.hashBytes()) {
            throw new ProtocolException(AgentError.BAD_REQUEST, "The hash has another length");
        }
        long keyType = request.getInt("keyType");
        var mechanism = Mechanisms.of(scheme, keyType)
                .filter(wanted -> signs(token, wanted.getMechanismCode()))
                .orElseThrow(() -> new ProtocolException(AgentError.ALGORITHM_REFUSED, "Not offered"));
        var pin = pin(request);
        var session = token.openSession(false);
        try {
            login(token, session, pin, request);
            try {
                var handle = key(session, HexFormat.of().parseHex(request.getString("id")));
                session.signInit(mechanism, handle);
                if (Boolean.TRUE.equals(session.getAttrValues(handle, PKCS11Constants.CKA_ALWAYS_AUTHENTICATE)
                        .alwaysAuthenticate())) {
                    session.login(PKCS11Constants.CKU_CONTEXT_SPECIFIC, typed(token, pin));
                }
                var signature = session.sign(Mechanisms.input(scheme, keyType, hashed));
                var made = keyType == PKCS11Constants.CKK_EC ? EcdsaSignature.der(signature) : signature;
                return Jsons.object()
                        .add("signature", Base64.getEncoder().encodeToString(made))
                        .build();
            } finally {
                session.logout();
            }
        } finally {
            pin.ifPresent(characters -> Arrays.fill(characters, '\0'));
            session.closeSession();
        }
    }

    private static long key(Session session, byte[] id) throws PKCS11Exception {
        var found = session.findObjectsSingle(AttributeVector.newPrivateKey().id(id), MOST_OBJECTS);
        if (found.length == 0) {
            throw new ProtocolException(AgentError.CERTIFICATE_NOT_FOUND, "No such key");
        }
        return found[0];
    }

    /** With the PUK, as the security officer, and once: a new PIN. */
    private static JsonObject resetPin(Token token, JsonObject request) throws PKCS11Exception {
        var pin = pin(request).orElseThrow(() -> new ProtocolException(AgentError.PIN_REQUIRED, "No new PIN"));
        var puk = request.getString("puk").toCharArray();
        var session = token.openSession(true);
        try {
            var info = token.getTokenInfo();
            requireSame(info, request);
            if (info.hasFlagBit(PKCS11Constants.CKF_SO_PIN_LOCKED)) {
                throw new ProtocolException(AgentError.PIN_LOCKED, "Locked");
            }
            if (info.hasFlagBit(PKCS11Constants.CKF_SO_PIN_FINAL_TRY)) {
                throw new ProtocolException(AgentError.PIN_LAST_TRY, "Last try");
            }
            requireTyped(puk);
            requireTyped(pin);
            session.login(PKCS11Constants.CKU_SO, puk);
            try {
                session.initPIN(pin);
            } finally {
                session.logout();
            }
            return Jsons.object().add("verified", true).build();
        } finally {
            Arrays.fill(puk, '\0');
            Arrays.fill(pin, '\0');
            session.closeSession();
        }
    }

    /** Never on the last try, unless the user wants it ({@code lastTry}), and never twice. */
    private static void login(Token token, Session session, Optional<char[]> pin, JsonObject request)
            throws PKCS11Exception {
        var info = token.getTokenInfo();
        requireSame(info, request);
        if (info.hasFlagBit(PKCS11Constants.CKF_USER_PIN_LOCKED)) {
            throw new ProtocolException(AgentError.PIN_LOCKED, "Locked");
        }
        if (info.hasFlagBit(PKCS11Constants.CKF_USER_PIN_FINAL_TRY) && !request.getBoolean("lastTry", false)) {
            throw new ProtocolException(AgentError.PIN_LAST_TRY, "Last try");
        }
        if (pin.isEmpty() && !info.isProtectedAuthenticationPath()) {
            throw new ProtocolException(AgentError.PIN_REQUIRED, "No PIN");
        }
        var typed = typed(token, pin);
        if (typed != null) {
            requireTyped(typed);
        }
        session.login(PKCS11Constants.CKU_USER, typed);
    }

    /** In the session in which the PIN is used, which ends when the card is taken out (PKCS#11 2.40). */
    private static void requireSame(TokenInfo info, JsonObject request) {
        if (!isMeant(info, request)) {
            throw new ProtocolException(AgentError.NO_CARD, "Another card");
        }
    }

    private static boolean isMeant(TokenInfo info, JsonObject request) {
        return !request.containsKey("card") || request.getString("card").equals(TokenInformation.identity(info));
    }

    /** What nobody can type is wrong, and no try is lost for it. */
    private static void requireTyped(char[] pin) {
        for (char character : pin) {
            if (Character.isISOControl(character)) {
                throw new ProtocolException(AgentError.PIN_INCORRECT, "Not a PIN");
            }
        }
    }

    /** A pin pad comes before a PIN that was sent: nothing makes the library ask on the reader. */
    private static char[] typed(Token token, Optional<char[]> pin) throws PKCS11Exception {
        return token.getTokenInfo().isProtectedAuthenticationPath() ? null : pin.orElse(null);
    }

    private static Optional<char[]> pin(JsonObject request) {
        return Optional.ofNullable(request.getString("pin", null)).map(String::toCharArray);
    }
}
