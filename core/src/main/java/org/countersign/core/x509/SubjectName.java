package org.countersign.core.x509;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.countersign.core.error.ProtocolException;

/** A subject as a caller writes it: an RFC 4514 string such as {@code CN=Jane Doe,O=ACME,C=DE}. */
public final class SubjectName {

    /** In characters. */
    public static final int MAX_LENGTH = 1_024;

    private static final int MAX_COMMON_NAME = 64;

    // RFC 4514 §3, without "#" and hexadecimal BER, and with a space after a comma. The JDK alone would also take the
    // separators and quotation marks of RFC 1779.
    private static final String TYPE = "(?:[A-Za-z][A-Za-z0-9-]*+|[0-9]++(?:\\.[0-9]++)++)";
    private static final String VALUE = "(?![#\\s])(?:[^\\\\\"+,;<>]++|\\\\(?:[ \"#+,;<=>\\\\]|[0-9A-Fa-f]{2}))++";
    private static final String ATTRIBUTE = TYPE + "=" + VALUE;
    private static final Pattern NAME = Pattern.compile(ATTRIBUTE + "(?:(?:\\+|, ?)" + ATTRIBUTE + ")*+");

    private SubjectName() {}

    /** @throws ProtocolException invalid_request, when empty, too long, or not such a string */
    public static X500Principal parse(String subject) {
        if (subject.isBlank()) {
            throw ProtocolException.invalidRequest("subject is empty");
        }
        if (subject.length() > MAX_LENGTH) {
            throw ProtocolException.invalidRequest("subject is longer than 1024 characters");
        }
        if (subject.chars().anyMatch(Character::isISOControl)
                || !NAME.matcher(subject).matches()) {
            throw malformed();
        }
        try {
            return new X500Principal(subject);
        } catch (IllegalArgumentException malformed) {
            throw malformed();
        }
    }

    /** Whether {@link #ofCommonName} has a name whole. */
    public static boolean fitsCommonName(String name) {
        return name.length() <= MAX_COMMON_NAME;
    }

    /** A subject of one common name, whatever characters it has; cut at 64 (RFC 5280 A.1, ub-common-name). */
    public static X500Principal ofCommonName(String name) {
        var text = fitsCommonName(name) ? name : name.substring(0, MAX_COMMON_NAME);
        try {
            // As what it is: of a text, the builder would read what follows a "#" as hexadecimal.
            return new X500Principal(new X500NameBuilder()
                    .addRDN(BCStyle.CN, new DERUTF8String(text))
                    .build()
                    .getEncoded());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static ProtocolException malformed() {
        return ProtocolException.invalidRequest("subject is not a distinguished name of RFC 4514");
    }
}
