package org.countersign.agent.card;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPrivateKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.engines.RSAEngine;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.signers.PSSSigner;

/**
 * A Belgian eID card, by the published reference manuals of its applet, 1.7 (RSA) or 1.8 (P-384). It is strict: short APDUs as
 * T=0 has them, exact lengths (6Cxx), reading from an offset within the file only, the algorithm and the key chosen before the
 * PIN is shown, the PIN shown right before each signature by the key for signatures, forgotten at a reset.
 */
final class BelgianEid implements VirtualCard {

    private static final HexFormat HEX = HexFormat.of();
    private static final String APPLET = "a00000003029057000ad13100101ff";
    private static final int OK = 0x9000;
    private static final int TRIES = 3;
    private static final int SIGNATURE_KEY = 0x83;

    private final int version;
    private final CountDownLatch hung = new CountDownLatch(1);
    private int chip;
    private boolean hanging;
    private final byte[] block;
    private final Map<String, byte[]> files = new HashMap<>();
    private final Map<Integer, PrivateKey> keys = new HashMap<>();
    private final List<String> commands = new ArrayList<>();
    private byte[] selected;
    private byte[] waiting = new byte[0];
    private int algorithm;
    private int key;
    private boolean shown;
    private boolean fresh;
    private int tries = TRIES;
    private int shownPins;
    private int resets;
    private boolean failing;
    private int powerCut = -1;

    /** @param version 0x17 or 0x18 */
    BelgianEid(int version, String pin) {
        this.version = version;
        this.chip = version;
        this.block = HEX.parseHex((Integer.toHexString(0x20 | pin.length()) + pin + "ffffffffffffff").substring(0, 16));
    }

    BelgianEid with(String path, byte[] content) {
        files.put(path, content.clone());
        return this;
    }

    BelgianEid with(int reference, PrivateKey privateKey) {
        keys.put(reference, privateKey);
        return this;
    }

    /** Another number than that of all cards of its version. */
    BelgianEid numbered(int number) {
        chip = number;
        return this;
    }

    /** From now on it does not answer any more when a PIN is shown to it. */
    synchronized void hang() {
        hanging = true;
    }

    void awaitHanging() throws InterruptedException {
        if (!hung.await(60, TimeUnit.SECONDS)) {
            throw new AssertionError("Nobody showed a PIN");
        }
    }

    /** Whether it can be selected, and nothing else. */
    synchronized void fail(boolean always) {
        failing = always;
    }

    synchronized int tries() {
        return tries;
    }

    synchronized int shownPins() {
        return shownPins;
    }

    synchronized boolean remembersPin() {
        return shown;
    }

    /** Warm ones. */
    synchronized int resets() {
        return resets;
    }

    /** Once, after so many further commands. */
    synchronized void cutPowerAfter(int count) {
        powerCut = count;
    }

    /** Class and instruction of each command that came, hexadecimal. */
    synchronized List<String> commands() {
        return List.copyOf(commands);
    }

    @Override
    public String atr() {
        return version == 0x18 ? "3B7F96000080318065B085040120120FFF829000" : "3B9813400AA503010101AD1311";
    }

    @Override
    public synchronized void reset(boolean warm) {
        shown = false;
        fresh = false;
        selected = null;
        key = 0;
        waiting = new byte[0];
        if (warm) {
            resets++;
        }
    }

    @Override
    public byte[] transmit(byte[] apdu) {
        var answer = answer(apdu);
        if (answer.length == 0) {
            hung.countDown();
            try {
                // Until the card is taken out.
                new CountDownLatch(1).await();
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        }
        return answer;
    }

    private synchronized byte[] answer(byte[] apdu) {
        if (apdu.length < 4) {
            return status(0x6700);
        }
        if (failing && apdu[1] != (byte) 0xa4) {
            return status(0x6f00);
        }
        if (powerCut-- == 0) {
            reset(false);
        }
        commands.add(HEX.formatHex(apdu, 0, 2));
        boolean again = fresh;
        fresh = false;
        int header = (apdu[0] & 0xff) << 8 | apdu[1] & 0xff;
        return switch (header) {
            case 0x00a4 -> select(apdu);
            case 0x00b0 -> read(apdu);
            case 0x00c0 -> more(apdu);
            case 0x0020 -> verify(apdu);
            case 0x0022 -> choose(apdu);
            case 0x002a -> sign(apdu, again);
            case 0x80e4 -> cardData(apdu);
            case 0x80e6 -> logOff();
            default -> status(0x6d00);
        };
    }

    /** Nothing when the length is not that of what follows. */
    private static byte[] data(byte[] apdu) {
        if (apdu.length <= 5 || apdu.length != 5 + (apdu[4] & 0xff)) {
            return new byte[0];
        }
        return Arrays.copyOfRange(apdu, 5, apdu.length);
    }

    private byte[] select(byte[] apdu) {
        var name = HEX.formatHex(data(apdu));
        int p = (apdu[2] & 0xff) << 8 | apdu[3] & 0xff;
        if (p == 0x0400) {
            return status(name.equals(APPLET) ? OK : 0x6a82);
        }
        if (p != 0x080c) {
            return status(0x6a86);
        }
        selected = files.get(name);
        return status(selected != null || name.equals("3f00df00") ? OK : 0x6a82);
    }

    private byte[] read(byte[] apdu) {
        if (apdu.length != 5 || selected == null) {
            return status(selected == null ? 0x6986 : 0x6700);
        }
        int offset = (apdu[2] & 0xff) << 8 | apdu[3] & 0xff;
        int expected = apdu[4] == 0 ? 256 : apdu[4] & 0xff;
        int left = selected.length - offset;
        if (left <= 0) {
            return status(0x6b00);
        }
        if (expected > left) {
            return status(0x6c00 | left);
        }
        return joined(Arrays.copyOfRange(selected, offset, offset + expected), OK);
    }

    private byte[] verify(byte[] apdu) {
        if (apdu[2] != 0 || apdu[3] != 1) {
            return status(0x6a86);
        }
        if (apdu.length <= 5) {
            // 1.7 does not tell.
            return status(version == 0x18 ? tries == 0 ? 0x6983 : 0x63c0 | tries : 0x6700);
        }
        shownPins++;
        var given = data(apdu);
        if (given.length != 8) {
            return status(0x6700);
        }
        if (tries == 0) {
            return status(0x6983);
        }
        if (java.security.MessageDigest.isEqual(given, block)) {
            tries = TRIES;
            shown = true;
            fresh = true;
            return status(OK);
        }
        tries--;
        shown = false;
        if (hanging) {
            return new byte[0];
        }
        return status(tries == 0 ? 0x6983 : 0x63c0 | tries);
    }

    private byte[] choose(byte[] apdu) {
        var data = data(apdu);
        boolean right = apdu[2] == 0x41
                && apdu[3] == (byte) 0xb6
                && data.length == 5
                && data[0] == 4
                && data[1] == (byte) 0x80
                && data[3] == (byte) 0x84;
        if (!right || !keys.containsKey(data[4] & 0xff)) {
            return status(0x6a80);
        }
        algorithm = data[2] & 0xff;
        key = data[4] & 0xff;
        return status(OK);
    }

    private byte[] sign(byte[] apdu, boolean justShown) {
        if (apdu[2] != (byte) 0x9e || apdu[3] != (byte) 0x9a || data(apdu).length == 0) {
            return status(0x6a86);
        }
        if (key == 0) {
            return status(0x6985);
        }
        if (!shown || key == SIGNATURE_KEY && !justShown) {
            return status(0x6982);
        }
        try {
            waiting = keys.get(key) instanceof RSAPrivateKey rsa ? rsa(rsa, data(apdu)) : ec(data(apdu));
            return status(0x6100 | waiting.length & 0xff);
        } catch (GeneralSecurityException | org.bouncycastle.crypto.CryptoException refused) {
            return status(0x6a80);
        }
    }

    private byte[] rsa(RSAPrivateKey rsa, byte[] data)
            throws GeneralSecurityException, org.bouncycastle.crypto.CryptoException {
        if (algorithm == 0x01) {
            var cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
            cipher.init(Cipher.ENCRYPT_MODE, rsa);
            return cipher.doFinal(data);
        }
        if (algorithm != 0x20 || data.length != 32) {
            throw new GeneralSecurityException("Not so");
        }
        var signer = PSSSigner.createRawSigner(
                new RSAEngine(), SHA256Digest.newInstance(), SHA256Digest.newInstance(), 32, (byte) 0xbc);
        signer.init(true, new RSAKeyParameters(true, rsa.getModulus(), rsa.getPrivateExponent()));
        signer.update(data, 0, data.length);
        return signer.generateSignature();
    }

    /** r and s, each as long as the curve's order. */
    private byte[] ec(byte[] data) throws GeneralSecurityException {
        int expected = Map.of(0x01, 32, 0x02, 48, 0x04, 64).getOrDefault(algorithm, -1);
        if (data.length != expected) {
            throw new GeneralSecurityException("Not so");
        }
        var signature = Signature.getInstance("NONEwithECDSAinP1363Format");
        signature.initSign(keys.get(key));
        signature.update(data);
        return signature.sign();
    }

    private byte[] more(byte[] apdu) {
        if (waiting.length == 0) {
            return status(0x6985);
        }
        int expected = apdu.length == 5 && apdu[4] != 0 ? apdu[4] & 0xff : 256;
        if (expected != waiting.length) {
            return status(0x6c00 | waiting.length & 0xff);
        }
        return joined(waiting, OK);
    }

    private byte[] cardData(byte[] apdu) {
        if (apdu.length != 5 || apdu[4] != 0x1c) {
            return status(0x6c1c);
        }
        var data = new byte[0x1c];
        Arrays.fill(data, 0, 16, (byte) chip);
        data[21] = (byte) version;
        data[27] = 0x0f;
        return joined(data, OK);
    }

    private byte[] logOff() {
        shown = false;
        return status(OK);
    }

    private static byte[] joined(byte[] data, int status) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(data);
        out.writeBytes(status(status));
        return out.toByteArray();
    }

    private static byte[] status(int status) {
        return new byte[] {(byte) (status >> 8), (byte) status};
    }
}
