package org.countersign.signer.certificates;

/**
 * Which certificates to list; everything may be left out.
 *
 * @param issuer a part of the issuer's name, without case
 * @param subject a part of the subject's name, without case
 * @param expiresBefore ISO 8601, such as {@code 2027-01-01T00:00:00Z}
 * @param expiresAfter ISO 8601
 * @param page from 0
 * @param pageSize 1 to 1,000, by default 100
 */
public record ListRequest(
        String tenant,
        String issuer,
        String subject,
        String expiresBefore,
        String expiresAfter,
        Integer page,
        Integer pageSize) {

    static final ListRequest ALL = new ListRequest(null, null, null, null, null, null, null);
}
