package org.countersign.server.keys.token;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.countersign.server.keys.token.Frame.Reply;
import org.countersign.server.keys.token.Frame.Request;
import org.xipki.pkcs11.wrapper.AttributeVector;
import org.xipki.pkcs11.wrapper.KeyPairTemplate;
import org.xipki.pkcs11.wrapper.Mechanism;
import org.xipki.pkcs11.wrapper.PKCS11Constants;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.PKCS11Module;
import org.xipki.pkcs11.wrapper.Session;
import org.xipki.pkcs11.wrapper.Token;
import org.xipki.pkcs11.wrapper.TokenException;
import org.xipki.pkcs11.wrapper.params.RSA_PKCS_PSS_PARAMS;

/**
 * One token of a PKCS#11 library. Every thread has a session of its own; who logged in is the process's matter, not a
 * session's. Where keys are is remembered for the process's life, so that a token which looks through all its objects at
 * each search does so once per key.
 */
final class TokenLibrary {

    private static final int MOST_REMEMBERED = 10_000;
    private static final int MOST_OBJECTS = 16;
    private static final byte[] NOBODYS = "countersign ping".getBytes(StandardCharsets.US_ASCII);

    private final String path;
    private final ThreadLocal<Session> sessions = new ThreadLocal<>();
    private final Map<ByteBuffer, Key> keys = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Key> eldest) {
            return size() > MOST_REMEMBERED;
        }
    });

    private Token token;

    /** Stays open as long as the process: the login ends with the last session. */
    private Session loggedIn;

    /** @param description type, and size or curve, as {@link Request#FIND} answers */
    private record Key(long handle, byte[] description) {}

    TokenLibrary(String path) {
        this.path = path;
    }

    byte[] answer(Frame frame) throws TokenException, IOException, Refusal {
        var content = Fields.of(frame.content());
        return switch (Request.values()[frame.kind()]) {
            case LOGIN -> login(content);
            case FIND -> find(content.nextBytes(), content.nextBytes()).description();
            case SIGN -> sign(content);
            case GENERATE -> generate(content);
            case DESTROY -> destroy(content.nextBytes());
            case PING -> ping();
        };
    }

    private byte[] login(Fields content) throws TokenException, IOException, Refusal {
        content.nextNumber();
        var label = new String(content.nextBytes(), StandardCharsets.UTF_8);
        var pin = new String(content.nextBytes(), StandardCharsets.UTF_8).toCharArray();
        var module = load();
        module.initialize();
        for (var slot : module.getSlotList(true)) {
            var candidate = slot.getToken();
            if (candidate.getTokenInfo().getLabel().strip().equals(label)) {
                if (token != null) {
                    throw new Refusal(Reply.FAILED, "two tokens have this label");
                }
                token = candidate;
            }
        }
        if (token == null) {
            throw new Refusal(Reply.LOST, "no token has this label");
        }
        if (token.getTokenInfo().hasFlagBit(PKCS11Constants.CKF_USER_PIN_FINAL_TRY)) {
            throw new Refusal(Reply.PIN_REFUSED, "one try is left, and is not used");
        }
        loggedIn = token.openSession(true);
        try {
            loggedIn.login(PKCS11Constants.CKU_USER, pin);
        } finally {
            Arrays.fill(pin, '\0');
        }
        var info = token.getTokenInfo();
        return (info.getManufacturerID().strip() + " " + info.getModel().strip()).getBytes(StandardCharsets.UTF_8);
    }

    private PKCS11Module load() throws Refusal {
        try {
            return PKCS11Module.getInstance(path);
        } catch (IOException | LinkageError notLoaded) {
            throw new Refusal(Reply.LOST, "the library can not be loaded");
        }
    }

    private Session session() throws TokenException {
        var session = sessions.get();
        if (session == null) {
            session = token.openSession(true);
            sessions.set(session);
        }
        return session;
    }

    private Key find(byte[] id, byte[] label) throws TokenException, IOException, Refusal {
        var known = keys.get(ByteBuffer.wrap(id));
        if (known != null) {
            if (isStill(known, id)) {
                return known;
            }
            keys.remove(ByteBuffer.wrap(id), known);
        }
        var found = search(AttributeVector.newPrivateKey().id(id).label(new String(label, StandardCharsets.UTF_8)));
        if (found.length > 1) {
            throw new Refusal(Reply.FAILED, "two keys have this identifier");
        }
        if (found.length == 0) {
            throw new Refusal(
                    objects(label).length == 0 ? Reply.ABSENT : Reply.ANOTHER_IDENTIFIER, "no key has this identifier");
        }
        return remember(id, found[0]);
    }

    /** Another node may have destroyed it, and its number may have become another key's. */
    private boolean isStill(Key known, byte[] id) throws TokenException {
        try {
            var now = session()
                    .getAttrValues(known.handle(), PKCS11Constants.CKA_ID)
                    .id();
            return now != null && MessageDigest.isEqual(now, id);
        } catch (PKCS11Exception refused) {
            if (refused.getErrorCode() == PKCS11Constants.CKR_OBJECT_HANDLE_INVALID) {
                return false;
            }
            throw refused;
        }
    }

    private Key remember(byte[] id, long handle) throws TokenException, IOException {
        var type = session().getAttrValues(handle, PKCS11Constants.CKA_KEY_TYPE).keyType();
        var description = Fields.empty().number(type);
        if (type == PKCS11Constants.CKK_RSA) {
            description.number(session()
                    .getAttrValues(handle, PKCS11Constants.CKA_MODULUS)
                    .modulus()
                    .bitLength());
        } else {
            description.bytes(session()
                    .getAttrValues(handle, PKCS11Constants.CKA_EC_PARAMS)
                    .ecParams());
        }
        var key = new Key(handle, description.content());
        keys.put(ByteBuffer.wrap(id), key);
        return key;
    }

    private byte[] sign(Fields content) throws TokenException, IOException, Refusal {
        var id = content.nextBytes();
        var label = content.nextBytes();
        long code = content.nextNumber();
        long hash = content.nextNumber();
        var mechanism = hash == 0
                ? new Mechanism(code)
                : new Mechanism(code, new RSA_PKCS_PSS_PARAMS(hash, content.nextNumber(), (int) content.nextNumber()));
        var data = content.nextBytes();
        return session().signSingle(mechanism, find(id, label).handle(), data);
    }

    private byte[] generate(Fields content) throws TokenException, IOException, Refusal {
        long generating = content.nextNumber();
        long signing = content.nextNumber();
        long type = content.nextNumber();
        int bits = (int) content.nextNumber();
        var curve = content.nextBytes();
        var id = content.nextBytes();
        var label = content.nextBytes();
        require(generating, PKCS11Constants.CKF_GENERATE_KEY_PAIR);
        require(signing, PKCS11Constants.CKF_SIGN);
        var template = new KeyPairTemplate(type)
                .token(true)
                .id(id)
                .labels(new String(label, StandardCharsets.UTF_8))
                .private_(true, false)
                .signVerify(true);
        template.privateKey()
                .sensitive(true)
                .extractable(false)
                .decrypt(false)
                .unwrap(false)
                .derive(false);
        if (type == PKCS11Constants.CKK_RSA) {
            template.publicKey().modulusBits(bits).publicExponent(BigInteger.valueOf(65_537));
        } else {
            template.publicKey().ecParams(curve);
        }
        var pair = session().generateKeyPair(new Mechanism(generating), template);
        var values = session()
                .getAttrValues(
                        pair.getPrivateKey(),
                        PKCS11Constants.CKA_SENSITIVE,
                        PKCS11Constants.CKA_NEVER_EXTRACTABLE,
                        PKCS11Constants.CKA_ALWAYS_SENSITIVE,
                        PKCS11Constants.CKA_LOCAL);
        if (!Boolean.TRUE.equals(values.sensitive())
                || !Boolean.TRUE.equals(values.neverExtractable())
                || !Boolean.TRUE.equals(values.alwaysSensitive())
                || !Boolean.TRUE.equals(values.local())) {
            destroy(label);
            throw new Refusal(Reply.FAILED, "the token made a key that may leave it");
        }
        remember(id, pair.getPrivateKey());
        if (type == PKCS11Constants.CKK_RSA) {
            var numbers = session()
                    .getAttrValues(
                            pair.getPublicKey(), PKCS11Constants.CKA_MODULUS, PKCS11Constants.CKA_PUBLIC_EXPONENT);
            return Fields.empty()
                    .bytes(numbers.modulus().toByteArray())
                    .bytes(numbers.publicExponent().toByteArray())
                    .content();
        }
        var point = session()
                .getAttrValues(pair.getPublicKey(), PKCS11Constants.CKA_EC_POINT)
                .ecPoint();
        return Fields.empty().bytes(point).content();
    }

    private void require(long mechanism, long flag) throws Refusal {
        var offered = Arrays.stream(token.getMechanismList()).anyMatch(code -> code == mechanism);
        if (!offered || !token.getMechanismInfo(mechanism).hasFlagBit(flag)) {
            throw new Refusal(Reply.NOT_OFFERED, PKCS11Constants.ckmCodeToName(mechanism));
        }
    }

    private byte[] destroy(byte[] label) throws TokenException {
        for (long handle : objects(label)) {
            session().destroyObject(handle);
            keys.values().removeIf(key -> key.handle() == handle);
        }
        return new byte[0];
    }

    private long[] objects(byte[] label) throws TokenException {
        return search(new AttributeVector().label(new String(label, StandardCharsets.UTF_8)));
    }

    private byte[] ping() throws TokenException {
        search(AttributeVector.newPrivateKey().id(NOBODYS));
        return new byte[0];
    }

    /** A token that is gone may also just have no objects: then its information can not be had. */
    private long[] search(AttributeVector template) throws TokenException {
        var found = session().findObjectsSingle(template, MOST_OBJECTS);
        if (found.length == 0) {
            token.getTokenInfo();
        }
        return found;
    }
}
