package org.countersign.agent.card;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/** A payment card by EMV 4.3, in the protocol T=0: a directory of one application, its options, and its records. */
final class PaymentChip implements VirtualCard {

    static final String AID = "A0000000043060";

    private static final HexFormat HEX = HexFormat.of();
    private static final String DIRECTORY = HEX.formatHex("1PAY.SYS.DDF01".getBytes());
    private static final int OK = 0x9000;

    /** What SELECT answers, by name. */
    private final Map<String, String> selections = Map.of(
            DIRECTORY,
            "6f15840e315041592e5359532e4444463031a503880101",
            AID.toLowerCase(java.util.Locale.ROOT),
            // Label, languages, and a wish for a country code (2 bytes) and an amount (6).
            "6f248407a0000000043060a51950074d41455354524f5f2d046e6c66729f38069f1a029f0206");

    /** By file and number. */
    private final Map<String, String> records = new HashMap<>();

    private String selected = "";
    private byte[] waiting = new byte[0];
    private boolean processing;

    PaymentChip() {
        records.put(DIRECTORY + "/1/1", "701761154f07a000000004306050074d41455354524f870101");
        // Account number, validity, country, name.
        records.put(
                "/1/1", "702b5a0a6703420000000001299f5f24032912315f25032401015f280200565f200b4c4546455652452f5a4f45");
        // The issuer's certificate in EMV's form.
        records.put("/1/2", "70119004c0ffee019f32010392050102030405");
    }

    PaymentChip with(String record, String content) {
        records.put(record, content);
        return this;
    }

    @Override
    public String atr() {
        return "3B67000085203630789000";
    }

    @Override
    public void reset(boolean warm) {
        selected = "";
        processing = false;
    }

    @Override
    public byte[] transmit(byte[] apdu) {
        int header = (apdu[0] & 0xff) << 8 | apdu[1] & 0xff;
        return switch (header) {
            case 0x00a4 -> select(HEX.formatHex(data(apdu)));
            case 0x00b2 -> record(apdu);
            case 0x80a8 -> options(data(apdu));
            case 0x00c0 -> answered(apdu);
            default -> status(0x6d00);
        };
    }

    private static byte[] data(byte[] apdu) {
        return apdu.length == 5 + (apdu[4] & 0xff) ? Arrays.copyOfRange(apdu, 5, apdu.length) : new byte[0];
    }

    private byte[] select(String name) {
        var answer = selections.get(name);
        if (answer == null) {
            return status(0x6a82);
        }
        selected = name;
        processing = false;
        return later(answer);
    }

    private byte[] options(byte[] data) {
        // A template of eight bytes, as the application wished.
        if (selected.equals(DIRECTORY) || data.length != 10 || data[0] != (byte) 0x83 || data[1] != 8) {
            return status(0x6985);
        }
        processing = true;
        return later("8006198008010200");
    }

    private byte[] record(byte[] apdu) {
        int file = (apdu[3] & 0xff) >> 3;
        if (!selected.equals(DIRECTORY) && !processing) {
            return status(0x6985);
        }
        var record = records.get((selected.equals(DIRECTORY) ? DIRECTORY : "") + "/" + file + "/" + apdu[2]);
        if (record == null) {
            return status(0x6a83);
        }
        var bytes = HEX.parseHex(record);
        if ((apdu[4] & 0xff) != bytes.length) {
            return status(0x6c00 | bytes.length);
        }
        return joined(bytes);
    }

    private byte[] later(String answer) {
        waiting = HEX.parseHex(answer);
        return status(0x6100 | waiting.length);
    }

    private byte[] answered(byte[] apdu) {
        return (apdu[4] & 0xff) == waiting.length ? joined(waiting) : status(0x6c00 | waiting.length);
    }

    private static byte[] joined(byte[] data) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(data);
        out.writeBytes(status(OK));
        return out.toByteArray();
    }

    private static byte[] status(int status) {
        return new byte[] {(byte) (status >> 8), (byte) status};
    }
}
