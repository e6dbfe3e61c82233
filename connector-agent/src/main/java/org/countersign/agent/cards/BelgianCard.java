package org.countersign.agent.cards;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import javax.smartcardio.CardException;
import org.countersign.agent.loopback.Jsons;
import org.countersign.agent.signature.EcdsaSignature;
import org.countersign.agent.signature.SignatureScheme;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;

/**
 * The Belgian eID card, by its published specification ("Belpic applet reference manual" 1.7 and 1.8, "Belgian Electronic
 * Identity Card content"): RSA keys with the applet 1.7, P-384 with 1.8.
 */
final class BelgianCard implements CardCommands {

    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] APPLET = HEX.parseHex("a000000030290570" + "00ad13100101ff");
    private static final byte[] KEYS = HEX.parseHex("3f00df00");
    private static final int LARGEST_FILE = 16 << 10;

    private static final int VERIFY = 0x20;
    private static final int MANAGE_SECURITY = 0x22;
    private static final int SECURITY_OPERATION = 0x2A;
    private static final int GET_CARD_DATA = 0xE4;
    private static final int CARD_DATA_BYTES = 0x1C;
    private static final int CHIP_NUMBER_BYTES = 16;
    private static final int VERSION_AT = 21;
    private static final int VERSION_1_7 = 0x17;
    private static final int VERSION_1_8 = 0x18;

    private static final int CARDHOLDER = 0x01;
    private static final int PIN_BYTES = 8;
    private static final int SHORTEST_PIN = 4;
    private static final int LONGEST_PIN = 12;
    private static final int PIN_FORM = 0x20;
    private static final int BLOCKED = 0x6983;
    private static final int TRIES_LEFT = 0x63C0;
    private static final int TRIES = 0x0F;
    private static final int MOST_TRIES = 3;
    private static final int NIBBLE = 4;
    private static final int BYTE = 0xFF;

    /** RSA with padding by the card, of a DigestInfo; RSASSA-PSS with SHA-256. */
    private static final int PKCS1 = 0x01;

    private static final int PSS_SHA256 = 0x20;

    private static final Map<SignatureScheme, Integer> ECDSA =
            Map.of(SignatureScheme.SHA256, 0x01, SignatureScheme.SHA384, 0x02, SignatureScheme.SHA512, 0x04);

    /** EC of PKCS#11, by which the modules number types of keys. */
    private static final int EC = 3;

    /** Files of certificates; keys that sign have a reference. */
    private enum CertificateFile {
        AUTHENTICATION("3f00df005038", "02", 0x82),
        NON_REPUDIATION("3f00df005039", "03", 0x83),
        INTERMEDIATE("3f00df00503a", "04", 0),
        ROOT("3f00df00503b", "06", 0),
        /** The national register's, which signs the identity: the v3 API has it in the place of one for encryption. */
        ENCRYPTION("3f00df00503c", "08", 0);

        private final byte[] path;
        private final String id;
        private final int key;

        CertificateFile(String path, String id, int key) {
            this.path = HEX.parseHex(path);
            this.id = id;
            this.key = key;
        }
    }

    private static final byte[] IDENTITY = HEX.parseHex("3f00df014031");
    private static final byte[] IDENTITY_SIGNATURE = HEX.parseHex("3f00df014032");
    private static final byte[] ADDRESS = HEX.parseHex("3f00df014033");
    private static final byte[] ADDRESS_SIGNATURE = HEX.parseHex("3f00df014034");
    private static final byte[] PICTURE = HEX.parseHex("3f00df014035");

    private static final int VERSION_TAG = 0;
    private static final int CHIP_NUMBER_TAG = 2;
    private static final int PICTURE_HASH_TAG = 17;

    /** Fields of text of the identity file, under the names of the v3 API. */
    private static final Map<String, Integer> IDENTITY_TEXTS = Map.ofEntries(
            Map.entry("cardNumber", 1),
            Map.entry("cardValidityDateBegin", 3),
            Map.entry("cardValidityDateEnd", 4),
            Map.entry("cardDeliveryMunicipality", 5),
            Map.entry("nationalNumber", 6),
            Map.entry("name", 7),
            Map.entry("firstNames", 8),
            Map.entry("thirdName", 9),
            Map.entry("nationality", 10),
            Map.entry("birthLocation", 11),
            Map.entry("birthDate", 12),
            Map.entry("sex", 13),
            Map.entry("nobleCondition", 14),
            Map.entry("documentType", 15),
            Map.entry("specialStatus", 16));

    private static final Map<String, Integer> ADDRESS_TEXTS =
            Map.of("streetAndNumber", 1, "zipcode", 2, "municipality", 3);

    /** What a card said last of its tries, by chip number: not every card tells when it is asked. */
    private final Map<String, Integer> triesLeft = new HashMap<>();

    @Override
    public boolean select(CardSession card) throws CardException {
        return card.transmit(0, 0xA4, 0x04, 0x00, APPLET).getSW() == CardSession.OK;
    }

    @Override
    public JsonObject memory() {
        var memory = Jsons.object();
        triesLeft.forEach(memory::add);
        return memory.build();
    }

    @Override
    public JsonObject answer(CardSession card, JsonObject request) throws CardException {
        var memory = request.getJsonObject("memory");
        memory.keySet().forEach(chip -> triesLeft.put(chip, memory.getInt(chip)));
        if (request.containsKey("card") && !Chip.of(card).number().equals(request.getString("card"))) {
            throw new ProtocolException(AgentError.NO_CARD, "Another card");
        }
        return switch (request.getString("operation")) {
            case "info" -> info(card);
            case "card" -> identity(Chip.of(card)).build();
            case "certificates" -> certificates(card);
            case "algorithms" -> algorithms(card);
            case "biometric" -> identity(card);
            case "address" -> address(card);
            case "picture" -> picture(card);
            case "verify-pin" -> verifyPin(card, request);
            case "sign" -> sign(card, request);
            default -> throw new ProtocolException(AgentError.NOT_OFFERED, "No such operation");
        };
    }

    /** The chip number, what the chip is made of, and the version of the applet. */
    private record Chip(byte[] data) {

        static Chip of(CardSession card) throws CardException {
            var answer = card.transmit(0x80, GET_CARD_DATA, 0, 0, CARD_DATA_BYTES);
            CardSession.require(answer.getSW());
            if (answer.getData().length < CARD_DATA_BYTES) {
                throw new ProtocolException(AgentError.CARD_DATA, "Too short");
            }
            return new Chip(answer.getData());
        }

        String number() {
            return HEX.withUpperCase().formatHex(data, 0, CHIP_NUMBER_BYTES);
        }

        int version() {
            return data[VERSION_AT];
        }

        boolean hasEllipticKeys() {
            return version() >= VERSION_1_8;
        }
    }

    private static JsonObject info(CardSession card) throws CardException {
        var chip = Chip.of(card);
        return Jsons.object()
                .add("label", "BELPIC")
                .add("serialNumber", chip.number())
                .add("version", (chip.version() >> NIBBLE) + "." + (chip.version() & TRIES))
                .add("rawData", Base64.getEncoder().encodeToString(chip.data()))
                .build();
    }

    private static JsonObject certificates(CardSession card) throws CardException {
        var list = Jsons.array();
        for (var file : CertificateFile.values()) {
            optional(card, file.path)
                    .ifPresent(content -> list.add(Jsons.object()
                            .add("id", file.id)
                            .add("use", file.name())
                            .add("certificate", Base64.getEncoder().encodeToString(der(content)))));
        }
        return identity(Chip.of(card)).add("certificates", list).build();
    }

    private static JsonObjectBuilder identity(Chip chip) {
        return Jsons.object().add("card", chip.number()).add("numbered", true);
    }

    /** Nothing when the card has no such file, or nothing in it: a child's has no key for signatures. */
    private static Optional<byte[]> optional(CardSession card, byte[] path) throws CardException {
        try {
            return Optional.of(card.read(path, LARGEST_FILE)).filter(content -> content.length > 0);
        } catch (ProtocolException refusal) {
            if (refusal.code() == AgentError.NOT_OFFERED) {
                return Optional.empty();
            }
            throw refusal;
        }
    }

    /** Files may be longer than the certificate in them; it begins with a SEQUENCE of two bytes of length. */
    private static byte[] der(byte[] content) {
        if (content.length < 4 || content[0] != 0x30 || content[1] != (byte) 0x82) {
            return content;
        }
        int length = 4 + (Byte.toUnsignedInt(content[2]) << 8 | Byte.toUnsignedInt(content[3]));
        return Arrays.copyOf(content, Math.min(length, content.length));
    }

    private static JsonObject algorithms(CardSession card) throws CardException {
        var chip = Chip.of(card);
        var names = Jsons.array();
        for (var scheme : SignatureScheme.values()) {
            if (reference(chip, scheme).isPresent()) {
                names.add(scheme.wireName());
            }
        }
        return Jsons.object().add("algorithms", names).build();
    }

    /** The card's number of an algorithm; nothing when it does not have it. */
    private static Optional<Integer> reference(Chip chip, SignatureScheme scheme) {
        if (chip.hasEllipticKeys()) {
            return Optional.ofNullable(ECDSA.get(scheme));
        }
        if (scheme.isPss()) {
            return scheme == SignatureScheme.SHA256_PSS && chip.version() >= VERSION_1_7
                    ? Optional.of(PSS_SHA256)
                    : Optional.empty();
        }
        return Optional.of(PKCS1);
    }

    private static JsonObject identity(CardSession card) throws CardException {
        var file = card.read(IDENTITY, LARGEST_FILE);
        var fields = TaggedFile.parse(file);
        var json = described(card, file, fields, IDENTITY_TEXTS, IDENTITY_SIGNATURE);
        fields.bytes(CHIP_NUMBER_TAG)
                .ifPresent(number -> json.add("chipNumber", HEX.withUpperCase().formatHex(number)));
        fields.bytes(PICTURE_HASH_TAG)
                .ifPresent(hash -> json.add("pictureHash", Base64.getEncoder().encodeToString(hash)));
        return json.build();
    }

    private static JsonObject address(CardSession card) throws CardException {
        var file = card.read(ADDRESS, LARGEST_FILE);
        return described(card, file, TaggedFile.parse(file), ADDRESS_TEXTS, ADDRESS_SIGNATURE)
                .build();
    }

    private static JsonObjectBuilder described(
            CardSession card, byte[] file, TaggedFile fields, Map<String, Integer> texts, byte[] signature)
            throws CardException {
        var json = Jsons.object();
        for (var text : texts.entrySet()) {
            fields.text(text.getValue()).ifPresent(value -> json.add(text.getKey(), value));
        }
        fields.bytes(VERSION_TAG)
                .filter(version -> version.length == 1)
                .ifPresent(version -> json.add("version", Byte.toUnsignedInt(version[0])));
        return json.add("rawData", Base64.getEncoder().encodeToString(file))
                .add("signature", Base64.getEncoder().encodeToString(card.read(signature, LARGEST_FILE)));
    }

    private static JsonObject picture(CardSession card) throws CardException {
        return Jsons.object()
                .add("picture", Base64.getEncoder().encodeToString(card.read(PICTURE, LARGEST_FILE)))
                .add("signature", Base64.getEncoder().encodeToString(card.read(IDENTITY_SIGNATURE, LARGEST_FILE)))
                .build();
    }

    private JsonObject verifyPin(CardSession card, JsonObject request) throws CardException {
        verify(card, Chip.of(card), pin(request), request.getBoolean("lastTry", false));
        return Jsons.object().add("verified", true).build();
    }

    private JsonObject sign(CardSession card, JsonObject request) throws CardException {
        var chip = Chip.of(card);
        var scheme = SignatureScheme.of(request.getString("algorithm")).orElseThrow(BelgianCard::algorithmRefused);
        int reference = reference(chip, scheme).orElseThrow(BelgianCard::algorithmRefused);
        if (chip.hasEllipticKeys() != (request.getInt("keyType") == EC)) {
            throw algorithmRefused();
        }
        var hash = Base64.getDecoder().decode(request.getString("hash"));
        if (hash.length != scheme.hashBytes()) {
            throw new ProtocolException(AgentError.BAD_REQUEST, "The hash has another length");
        }
        int key = Arrays.stream(CertificateFile.values())
                .filter(file -> file.key != 0 && file.id.equals(request.getString("id")))
                .findFirst()
                .orElseThrow(() -> new ProtocolException(AgentError.CERTIFICATE_NOT_FOUND, "No such key"))
                .key;
        var pin = pin(request);
        CardSession.require(card.transmit(0, 0xA4, 0x08, 0x0C, KEYS).getSW());
        var environment = new byte[] {0x04, (byte) 0x80, (byte) reference, (byte) 0x84, (byte) key};
        CardSession.require(
                card.transmit(0, MANAGE_SECURITY, 0x41, 0xB6, environment).getSW());
        // The key for signatures wants the PIN right before the signature, after its choice.
        verify(card, chip, pin, request.getBoolean("lastTry", false));
        var input = reference == PKCS1 && !chip.hasEllipticKeys() ? scheme.digestInfo(hash) : hash;
        var made = card.transmit(0, SECURITY_OPERATION, 0x9E, 0x9A, input);
        CardSession.require(made.getSW());
        var signature = chip.hasEllipticKeys() ? EcdsaSignature.der(made.getData()) : made.getData();
        return Jsons.object()
                .add("signature", Base64.getEncoder().encodeToString(signature))
                .build();
    }

    private static ProtocolException algorithmRefused() {
        return new ProtocolException(AgentError.ALGORITHM_REFUSED, "Not offered");
    }

    private static String pin(JsonObject request) {
        return Optional.ofNullable(request.getString("pin", null))
                .orElseThrow(() -> new ProtocolException(AgentError.PIN_REQUIRED, "No PIN"));
    }

    /**
     * The PIN as the card takes it: its length, its digits of four bits each, filled with ones.
     *
     * @throws ProtocolException {@code pin_incorrect} for what can be no PIN of such a card
     */
    private static byte[] block(String pin) {
        boolean digits = pin.chars().allMatch(character -> character >= '0' && character <= '9');
        if (!digits || pin.length() < SHORTEST_PIN || pin.length() > LONGEST_PIN) {
            throw new ProtocolException(AgentError.PIN_INCORRECT, "Not a PIN");
        }
        var block = new byte[PIN_BYTES];
        Arrays.fill(block, (byte) BYTE);
        block[0] = (byte) (PIN_FORM | pin.length());
        for (int i = 0; i < pin.length(); i++) {
            int shift = i % 2 == 0 ? NIBBLE : 0;
            int at = 1 + i / 2;
            block[at] = (byte) (block[at] & ~(TRIES << shift) | pin.charAt(i) - '0' << shift);
        }
        return block;
    }

    /** Once, and on the last try only when the user wants it. */
    private void verify(CardSession card, Chip chip, String pin, boolean lastTry) throws CardException {
        int told = card.transmit(0, VERIFY, 0, CARDHOLDER).getSW();
        if ((told & ~TRIES) == TRIES_LEFT) {
            triesLeft.put(chip.number(), told & TRIES);
        }
        int left = told == BLOCKED ? 0 : triesLeft.getOrDefault(chip.number(), MOST_TRIES);
        if (left == 0) {
            throw new ProtocolException(AgentError.PIN_LOCKED, "Locked");
        }
        if (left == 1 && !lastTry) {
            throw new ProtocolException(AgentError.PIN_LAST_TRY, "Last try");
        }
        var block = block(pin);
        // Counted as lost before it is: nobody can ask for it when this process ends meanwhile. The last one is asked
        // about anyhow.
        triesLeft.put(chip.number(), Math.max(left - 1, 1));
        card.remember();
        try {
            int status = card.transmitPin(VERIFY, CARDHOLDER, block).getSW();
            if (status == CardSession.OK) {
                triesLeft.remove(chip.number());
                return;
            }
            if (status == BLOCKED || (status & ~TRIES) == TRIES_LEFT) {
                int after = status == BLOCKED ? 0 : status & TRIES;
                triesLeft.put(chip.number(), after);
                throw new ProtocolException(
                        after == 0 ? AgentError.PIN_LOCKED : AgentError.PIN_INCORRECT, "The PIN is not right");
            }
            CardSession.require(status);
        } finally {
            Arrays.fill(block, (byte) 0);
        }
    }
}
