package org.countersign.systemtests.harness;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A seat's person: knows the PIN, has the authenticator, and signs with a credential.
 *
 * @param caller with a token for the holder's seat
 * @param pin null without one
 * @param authenticator null without one
 */
public record Holder(Caller caller, String credential, KeyKind kind, String pin, Authenticator authenticator) {

    /** The right factors; an OTP is a new one each time. */
    public Map<String, String> factors() {
        var factors = new LinkedHashMap<String, String>();
        if (pin != null) {
            factors.put("PIN", pin);
        }
        if (authenticator != null) {
            factors.put("OTP", authenticator.next());
        }
        return factors;
    }

    public Answer authorize(List<byte[]> hashes) {
        return caller.authorize(credential, hashes, factors());
    }

    public String sad(List<byte[]> hashes) {
        return authorize(hashes).ok().text("SAD");
    }

    public Answer sign(String sad, List<byte[]> hashes) {
        return caller.sign(credential, sad, hashes, kind.signAlgo());
    }

    /** A hash of the length the key kind signs. */
    public byte[] hash(String text) {
        return kind.hash(text);
    }

    public List<byte[]> hashes(String... texts) {
        return List.of(texts).stream().map(kind::hash).toList();
    }

    /** The same person with another token. */
    public Holder by(Caller other) {
        return new Holder(other, credential, kind, pin, authenticator);
    }
}
