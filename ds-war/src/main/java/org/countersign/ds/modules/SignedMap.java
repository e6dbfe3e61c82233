package org.countersign.ds.modules;

/**
 * A map as agents get it.
 *
 * @param revision counts changes; an agent takes none that is lower than what it has
 * @param sha256 of the content, hexadecimal: equal contents have equal ones, whatever the signature
 * @param signed a compact JWS with {@code iss}, {@code revision}, {@code sha256}, {@code iat} and the content
 */
public record SignedMap(long revision, String sha256, String signed) {}
