package org.countersign.ds.devices;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.countersign.core.jose.P256PublicKey;
import org.countersign.ds.releases.AgentOs;

/**
 * What a device's call needs to know of it.
 *
 * @param thumbprint of its key (RFC 7638), 32 bytes
 * @param tlsCertificate the last one that it got, in DER
 */
public record Device(
        UUID id,
        UUID organisation,
        byte[] thumbprint,
        String version,
        AgentOs os,
        String architecture,
        boolean blocked,
        P256PublicKey tlsKey,
        Optional<byte[]> tlsCertificate) {

    static final String COLUMNS = "id, organisation_id, thumbprint, version, os, architecture, blocked_at is not null,"
            + " tls_key_x, tls_key_y, tls_certificate";

    static Device read(ResultSet row) throws SQLException {
        return new Device(
                row.getObject(1, UUID.class),
                row.getObject(2, UUID.class),
                row.getBytes(3),
                row.getString(4),
                AgentOs.valueOf(row.getString(5)),
                row.getString(6),
                row.getBoolean(7),
                P256PublicKey.of(row.getString(8), row.getString(9)).orElseThrow(),
                Optional.ofNullable(row.getBytes(10)));
    }
}
