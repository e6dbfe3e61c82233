package org.countersign.ds.files;

/**
 * What is known of a file's content.
 *
 * @param sha256 64 lower-case hexadecimal digits
 * @param size in bytes
 */
public record StoredFile(String sha256, long size) {}
