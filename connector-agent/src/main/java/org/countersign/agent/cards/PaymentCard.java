package org.countersign.agent.cards;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.smartcardio.CardException;
import org.countersign.agent.loopback.Jsons;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;

/** Payment cards, by EMV 4.3: books 1 (§12, selection) and 3 (§6.5 commands, §10 processing). Reads, and never asks for a PIN. */
final class PaymentCard implements CardCommands {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    /** The directory of a card's applications. */
    private static final byte[] DIRECTORY = "1PAY.SYS.DDF01".getBytes(StandardCharsets.US_ASCII);

    private static final int SELECT = 0xA4;
    private static final int READ_RECORD = 0xB2;
    private static final int GET_PROCESSING_OPTIONS = 0xA8;
    private static final int ANY_LENGTH = 256;
    private static final int MOST_RECORDS = 32;
    private static final int MOST_APPLICATIONS = 16;
    private static final int LARGEST_OPTIONS = 252;
    private static final int SFI_SHIFT = 3;
    private static final int SFI_FORM = 0x04;
    private static final int LOCATOR_BYTES = 4;
    private static final int PRIORITY = 0x0F;
    private static final int BYTE = 0xFF;
    private static final int LOW_FIVE_BITS = 0x1F;

    private static final int AID = 0x4F;
    private static final int LABEL = 0x50;
    private static final int APPLICATION = 0x61;
    private static final int PRIORITY_INDICATOR = 0x87;
    private static final int DIRECTORY_SFI = 0x88;
    private static final int WANTED_OPTIONS = 0x9F38;
    private static final int LOCATOR = 0x94;
    private static final int FORMAT_1 = 0x80;
    private static final int PAN = 0x5A;
    private static final int NAME = 0x5F20;
    private static final int EXPIRATION = 0x5F24;
    private static final int EFFECTIVE = 0x5F25;
    private static final int COUNTRY_CODE = 0x5F28;
    private static final int LANGUAGE = 0x5F2D;
    private static final int COUNTRY = 0x5F55;

    private static final int ISSUER_CERTIFICATE = 0x90;
    private static final int ISSUER_REMAINDER = 0x92;
    private static final int ISSUER_EXPONENT = 0x9F32;
    private static final int ICC_CERTIFICATE = 0x9F46;
    private static final int ICC_EXPONENT = 0x9F47;
    private static final int ICC_REMAINDER = 0x9F48;

    /** An application of the card. */
    private record Application(byte[] aid, Optional<String> name, Optional<Integer> priority) {}

    @Override
    public boolean select(CardSession card) throws CardException {
        return card.transmit(0, SELECT, 0x04, 0, DIRECTORY, ANY_LENGTH).getSW() == CardSession.OK;
    }

    @Override
    public JsonObject answer(CardSession card, JsonObject request) throws CardException {
        var applications = applications(card);
        return switch (request.getString("operation")) {
            case "data" -> directory(applications);
            case "application-data" -> holder(read(card, chosen(request, applications)));
            case "certificates" -> certificates(read(card, chosen(request, applications)));
            default -> throw new ProtocolException(AgentError.NOT_OFFERED, "No such operation");
        };
    }

    /** By the directory, whose records are read until there is none more. */
    private static List<Application> applications(CardSession card) throws CardException {
        var directory = card.transmit(0, SELECT, 0x04, 0, DIRECTORY, ANY_LENGTH);
        CardSession.require(directory.getSW());
        int sfi = BerTlv.first(directory.getData(), DIRECTORY_SFI)
                .filter(value -> value.length == 1)
                .map(value -> value[0] & LOW_FIVE_BITS)
                .orElseThrow(PaymentCard::malformed);
        var found = new ArrayList<Application>();
        for (int number = 1; number <= MOST_RECORDS; number++) {
            var record = card.transmit(0, READ_RECORD, number, sfi << SFI_SHIFT | SFI_FORM, ANY_LENGTH);
            if (record.getSW() != CardSession.OK) {
                break;
            }
            for (var application : BerTlv.all(record.getData(), APPLICATION)) {
                if (found.size() < MOST_APPLICATIONS) {
                    found.add(application(application));
                }
            }
        }
        return found;
    }

    private static Application application(byte[] template) {
        return new Application(
                BerTlv.first(template, AID).orElseThrow(PaymentCard::malformed),
                BerTlv.first(template, LABEL).map(PaymentCard::text),
                BerTlv.first(template, PRIORITY_INDICATOR)
                        .filter(value -> value.length == 1)
                        .map(value -> value[0] & PRIORITY));
    }

    /** The one that is named, or the first. */
    private static Application chosen(JsonObject request, List<Application> applications) {
        var aid = request.getString("aid", "");
        return applications.stream()
                .filter(application ->
                        aid.isEmpty() || HEX.formatHex(application.aid()).equalsIgnoreCase(aid))
                .findFirst()
                .orElseThrow(() -> new ProtocolException(AgentError.NOT_OFFERED, "No such application"));
    }

    private static JsonObject directory(List<Application> applications) {
        var array = Jsons.array();
        for (var application : applications) {
            var json = Jsons.object().add("aid", HEX.formatHex(application.aid()));
            application.name().ifPresent(name -> json.add("name", name));
            application.priority().ifPresent(priority -> json.add("priority", priority));
            array.add(json);
        }
        return Jsons.object().add("applications", array).build();
    }

    /** What the application's selection and its records say. */
    private static byte[] read(CardSession card, Application application) throws CardException {
        var selected = card.transmit(0, SELECT, 0x04, 0, application.aid(), ANY_LENGTH);
        CardSession.require(selected.getSW());
        var all = new ByteArrayOutputStream();
        all.writeBytes(selected.getData());
        var wanted = BerTlv.first(selected.getData(), WANTED_OPTIONS).orElse(new byte[0]);
        var options = card.transmit(0x80, GET_PROCESSING_OPTIONS, 0, 0, options(wanted), ANY_LENGTH);
        CardSession.require(options.getSW());
        var locators = locators(options.getData());
        int records = 0;
        for (int i = 0; i + LOCATOR_BYTES <= locators.length; i += LOCATOR_BYTES) {
            int sfi = (locators[i] & BYTE) >> SFI_SHIFT;
            for (int number = locators[i + 1] & BYTE; number <= (locators[i + 2] & BYTE); number++) {
                records++;
                if (records > MOST_RECORDS) {
                    throw malformed();
                }
                var record = card.transmit(0, READ_RECORD, number, sfi << SFI_SHIFT | SFI_FORM, ANY_LENGTH);
                CardSession.require(record.getSW());
                all.writeBytes(record.getData());
            }
        }
        return all.toByteArray();
    }

    /** Zeros for all that the card would like to know of a payment: there is none. */
    private static byte[] options(byte[] wanted) {
        int length = 0;
        int at = 0;
        while (at < wanted.length) {
            if ((wanted[at] & LOW_FIVE_BITS) == LOW_FIVE_BITS) {
                at++;
            }
            at++;
            if (at >= wanted.length) {
                throw malformed();
            }
            length += wanted[at] & BYTE;
            at++;
        }
        if (length > LARGEST_OPTIONS) {
            throw malformed();
        }
        var options = new byte[2 + length];
        options[0] = (byte) 0x83;
        options[1] = (byte) length;
        return options;
    }

    /** Of format 1, two bytes of profile and the locators; of format 2, a template. */
    private static byte[] locators(byte[] answer) {
        var simple = BerTlv.parse(answer).stream()
                .filter(element -> element.tag() == FORMAT_1)
                .findFirst();
        if (simple.isPresent()) {
            var value = simple.get().value();
            if (value.length < 2) {
                throw malformed();
            }
            return Arrays.copyOfRange(value, 2, value.length);
        }
        return BerTlv.first(answer, LOCATOR).orElseThrow(PaymentCard::malformed);
    }

    private static JsonObject holder(byte[] read) {
        var json = Jsons.object();
        add(json, "country", BerTlv.first(read, COUNTRY).map(PaymentCard::text));
        add(json, "countryCode", BerTlv.first(read, COUNTRY_CODE).map(HEX::formatHex));
        add(json, "effectiveDate", BerTlv.first(read, EFFECTIVE).map(HEX::formatHex));
        add(json, "expirationDate", BerTlv.first(read, EXPIRATION).map(HEX::formatHex));
        add(json, "language", BerTlv.first(read, LANGUAGE).map(PaymentCard::text));
        add(json, "name", BerTlv.first(read, NAME).map(PaymentCard::text));
        // Filled with ones where the digits are of an odd number.
        add(json, "pan", BerTlv.first(read, PAN).map(HEX::formatHex).map(pan -> pan.replace("F", "")));
        return json.build();
    }

    private static void add(JsonObjectBuilder json, String name, Optional<String> value) {
        value.ifPresent(text -> json.add(name, text));
    }

    private static JsonObject certificates(byte[] read) {
        var json = Jsons.object();
        certificate(read, ISSUER_CERTIFICATE, ISSUER_EXPONENT, ISSUER_REMAINDER)
                .ifPresent(certificate -> json.add("issuerPublicCertificate", certificate));
        certificate(read, ICC_CERTIFICATE, ICC_EXPONENT, ICC_REMAINDER)
                .ifPresent(certificate -> json.add("ICCPublicCertificate", certificate));
        return json.build();
    }

    /** EMV's own form of certificates, not X.509. */
    private static Optional<JsonObject> certificate(byte[] read, int certificate, int exponent, int remainder) {
        return BerTlv.first(read, certificate).map(value -> {
            var json = Jsons.object().add("certificate", Base64.getEncoder().encodeToString(value));
            add(json, "exponent", BerTlv.first(read, exponent).map(Base64.getEncoder()::encodeToString));
            add(json, "remainder", BerTlv.first(read, remainder).map(Base64.getEncoder()::encodeToString));
            return Jsons.object().add("certificates", Jsons.array().add(json)).build();
        });
    }

    /** ISO 8859-1 has all that books 3 and 4 let stand in such fields. */
    private static String text(byte[] value) {
        return new String(value, StandardCharsets.ISO_8859_1).strip();
    }

    private static ProtocolException malformed() {
        return new ProtocolException(AgentError.CARD_DATA, "Not as EMV says");
    }
}
