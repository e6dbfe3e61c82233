package org.countersign.ds.releases;

/**
 * What a device is told to move to.
 *
 * @param manifest the JWS that says all of it and more; an agent believes nothing else
 */
public record UpdateOffer(String version, boolean mandatory, String manifest) {}
