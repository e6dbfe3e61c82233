package org.countersign.signer.ades;

import eu.europa.esig.dss.cms.CMS;
import eu.europa.esig.dss.cms.object.CMSObjectUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.bouncycastle.asn1.ASN1InputStream;

/**
 * CMS with zeros behind it, as a PDF's signature has them to fill the room it was given, which Bouncy Castle takes as malformed since 1.84. DSS
 * finds this by {@code META-INF/services}, where it comes before DSS's own.
 */
public final class PaddedCms extends CMSObjectUtils {

    @Override
    public CMS parseToCMS(byte[] bytes) {
        int length = length(bytes);
        for (int i = length; i < bytes.length; i++) {
            if (bytes[i] != 0) {
                return super.parseToCMS(bytes);
            }
        }
        return super.parseToCMS(java.util.Arrays.copyOf(bytes, length));
    }

    /** Of the first object; of all where it is none. */
    private static int length(byte[] bytes) {
        var in = new ByteArrayInputStream(bytes);
        try (var asn1 = new ASN1InputStream(in, bytes.length, true)) {
            return asn1.readObject() == null ? bytes.length : bytes.length - in.available();
        } catch (IOException malformed) {
            return bytes.length;
        }
    }
}
