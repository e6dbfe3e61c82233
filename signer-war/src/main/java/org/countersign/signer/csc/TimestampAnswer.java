package org.countersign.signer.csc;

/** The answer of {@code signatures/timestamp}: the DER of a TimeStampToken (RFC 3161 §2.4.2) in base64. */
public record TimestampAnswer(String timestamp) {}
