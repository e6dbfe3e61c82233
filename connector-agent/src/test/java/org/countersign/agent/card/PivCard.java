package org.countersign.agent.card;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPrivateKey;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * A PIV card (NIST SP 800-73-4 part 2), as far as a reader of certificates and maker of signatures needs one: SELECT, GET
 * DATA, VERIFY with a counter, GENERAL AUTHENTICATE with RSA 2048 and P-256, chaining in both directions.
 */
public final class PivCard implements VirtualCard {

    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] AID = HEX.parseHex("a000000308000010000100");
    private static final int OK = 0x9000;
    private static final int TRIES = 3;
    private static final int RSA_2048 = 0x07;
    private static final int P256 = 0x11;

    private final byte[] pin;
    private final Map<String, byte[]> objects = new HashMap<>();
    private final Map<Integer, PrivateKey> keys = new HashMap<>();
    private final ByteArrayOutputStream chained = new ByteArrayOutputStream();
    private byte[] waiting = new byte[0];
    private int tries = TRIES;
    private boolean verified;

    public PivCard(String pin) {
        this.pin = Arrays.copyOf(pin.getBytes(java.nio.charset.StandardCharsets.US_ASCII), 8);
        Arrays.fill(this.pin, pin.length(), 8, (byte) 0xff);
        objects.put(
                "5fc102",
                HEX.parseHex("3019d4e739da739ced39ce739d836858210842108421c84210c3eb3410"
                        + "00112233445566778899aabbccddeeff350832303330313233313e00fe00"));
        objects.put("7e", HEX.parseHex("7e124f0ba0000003080000100001005f2f024000"));
    }

    /** @param reference of the key, such as 9A; its certificate is at the given object */
    public PivCard with(int reference, PrivateKey key, String object, byte[] certificate) {
        keys.put(reference, key);
        var content = new ByteArrayOutputStream();
        content.writeBytes(tlv(0x70, certificate));
        content.writeBytes(HEX.parseHex("710100fe00"));
        objects.put(object, content.toByteArray());
        return this;
    }

    public int tries() {
        return tries;
    }

    /** A YubiKey's: of cards it does not know, OpenSC takes none to have keys on elliptic curves. */
    @Override
    public String atr() {
        return "3BF81300008131FE15597562696B657934D4";
    }

    @Override
    public void reset(boolean warm) {
        verified = false;
        chained.reset();
        waiting = new byte[0];
    }

    @Override
    public byte[] transmit(byte[] apdu) {
        int cla = apdu[0] & 0xff;
        int ins = apdu[1] & 0xff;
        if (ins == 0xc0) {
            return more(apdu[apdu.length - 1] & 0xff);
        }
        chained.writeBytes(data(apdu));
        if ((cla & 0x10) != 0) {
            return status(OK);
        }
        var data = chained.toByteArray();
        chained.reset();
        int p2 = apdu[3] & 0xff;
        return switch (ins) {
            case 0xa4 -> select(data);
            case 0xcb -> get(data);
            case 0x20 -> verify(data);
            case 0x87 -> authenticate(apdu[2] & 0xff, p2, data);
            default -> status(0x6d00);
        };
    }

    private static byte[] data(byte[] apdu) {
        if (apdu.length <= 5) {
            return new byte[0];
        }
        int length = apdu[4] & 0xff;
        int from = 5;
        if (length == 0 && apdu.length > 7) {
            length = (apdu[5] & 0xff) << 8 | apdu[6] & 0xff;
            from = 7;
        }
        return Arrays.copyOfRange(apdu, from, Math.min(apdu.length, from + length));
    }

    private byte[] select(byte[] aid) {
        if (aid.length < 5 || !Arrays.equals(aid, 0, aid.length, AID, 0, Math.min(aid.length, AID.length))) {
            return status(0x6a82);
        }
        return answer(HEX.parseHex("61114f0600001000010079074f05a000000308"));
    }

    private byte[] get(byte[] data) {
        if (data.length < 3 || data[0] != 0x5c) {
            return status(0x6a80);
        }
        var name = HEX.formatHex(data, 2, 2 + data[1]);
        var object = objects.get(name);
        if (object == null) {
            return status(0x6a82);
        }
        return answer("7e".equals(name) ? object : tlv(0x53, object));
    }

    private byte[] verify(byte[] given) {
        if (given.length == 0) {
            return status(verified ? OK : counter());
        }
        if (tries == 0) {
            return status(0x6983);
        }
        if (java.security.MessageDigest.isEqual(given, pin)) {
            tries = TRIES;
            verified = true;
            return status(OK);
        }
        tries--;
        verified = false;
        return status(counter());
    }

    private int counter() {
        return tries == 0 ? 0x6983 : 0x63c0 | tries;
    }

    private byte[] authenticate(int algorithm, int reference, byte[] data) {
        var key = keys.get(reference);
        if (key == null) {
            return status(0x6a88);
        }
        if (!verified) {
            return status(0x6982);
        }
        try {
            var challenge = challenge(data);
            byte[] made;
            if (algorithm == RSA_2048 && key instanceof RSAPrivateKey rsa) {
                made = raw(rsa, challenge);
            } else if (algorithm == P256) {
                var signature = Signature.getInstance("NONEwithECDSA");
                signature.initSign(key);
                signature.update(challenge);
                made = signature.sign();
            } else {
                return status(0x6a86);
            }
            if (reference == 0x9c) {
                // The key for signatures wants the PIN for each.
                verified = false;
            }
            return answer(tlv(0x7c, tlv(0x82, made)));
        } catch (GeneralSecurityException refused) {
            return status(0x6f00);
        }
    }

    /** Tag 81 in the template 7C. */
    private static byte[] challenge(byte[] data) {
        int at = 0;
        at += 1 + lengthBytes(data, 1);
        while (at < data.length) {
            int tag = data[at] & 0xff;
            int length = length(data, at + 1);
            int value = at + 1 + lengthBytes(data, at + 1);
            if (tag == 0x81) {
                return Arrays.copyOfRange(data, value, value + length);
            }
            at = value + length;
        }
        return new byte[0];
    }

    private static int lengthBytes(byte[] data, int at) {
        int first = data[at] & 0xff;
        return first < 0x80 ? 1 : 1 + (first & 0x7f);
    }

    private static int length(byte[] data, int at) {
        int first = data[at] & 0xff;
        int length = first < 0x80 ? first : 0;
        for (int i = 1; i < lengthBytes(data, at); i++) {
            length = length << 8 | data[at + i] & 0xff;
        }
        return length;
    }

    private static byte[] raw(RSAPrivateKey key, byte[] padded) {
        var made = new BigInteger(1, padded)
                .modPow(key.getPrivateExponent(), key.getModulus())
                .toByteArray();
        var fixed = new byte[256];
        int length = Math.min(made.length, fixed.length);
        System.arraycopy(made, made.length - length, fixed, fixed.length - length, length);
        return fixed;
    }

    private byte[] answer(byte[] data) {
        waiting = data;
        return more(0);
    }

    /** @param expected Le; 0 is 256 */
    private byte[] more(int expected) {
        int now = Math.min(expected == 0 ? 256 : expected, waiting.length);
        int left = waiting.length - now;
        var out = new ByteArrayOutputStream();
        out.write(waiting, 0, now);
        waiting = Arrays.copyOfRange(waiting, now, waiting.length);
        out.writeBytes(status(left == 0 ? OK : 0x6100 | (left > 0xff ? 0 : left)));
        return out.toByteArray();
    }

    private static byte[] status(int status) {
        return new byte[] {(byte) (status >> 8), (byte) status};
    }

    private static byte[] tlv(int tag, byte[] value) {
        var out = new ByteArrayOutputStream();
        out.write(tag);
        if (value.length >= 0x100) {
            out.write(0x82);
            out.write(value.length >> 8);
        } else if (value.length >= 0x80) {
            out.write(0x81);
        }
        out.write(value.length);
        out.writeBytes(value);
        return out.toByteArray();
    }
}
