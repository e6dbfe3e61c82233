package org.countersign.ds.logs;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.countersign.core.entropy.Entropy;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.ds.devices.Device;
import org.countersign.server.listing.Filter;
import org.countersign.server.persistence.Batches;
import org.countersign.server.persistence.Statements;
import org.countersign.server.web.Page;

/** Log bundles, in the database. */
public final class LogBundles {

    /** Compressed, in bytes. */
    public static final int LARGEST = 5 << 20;
    /** Unpacked, in bytes. */
    private static final int LARGEST_UNPACKED = 64 << 20;

    private static final int MOST_A_DAY = 20;
    private static final int BUFFER = 1 << 16;

    private static final String ADD = "insert into log_bundle (id, device_id, organisation_id, sha256, bytes,"
            + " unpacked_bytes, received_at, content) select ?, ?, ?, ?, ?, ?, ?, ?"
            // The device lets go of its own after the answer.
            + " from (select set_config('synchronous_commit', 'on', true)) as durable"
            + " where (select count(*) from log_bundle where device_id = ? and received_at > ?) < " + MOST_A_DAY
            + " on conflict (device_id, sha256) do nothing";
    private static final String COLUMNS =
            "id, device_id, organisation_id, encode(sha256, 'hex'), bytes, unpacked_bytes, received_at";

    private final Statements statements;
    private final Entropy entropy;
    private final Clock clock;

    public LogBundles(Statements statements, Entropy entropy, Clock clock) {
        this.statements = statements;
        this.entropy = entropy;
        this.clock = clock;
    }

    /** @param sha256 of the compressed bundle, in hexadecimal digits */
    record Row(
            UUID id,
            UUID device,
            UUID organisation,
            String sha256,
            int bytes,
            int unpackedBytes,
            OffsetDateTime receivedAt) {

        static Row read(ResultSet row) throws SQLException {
            return new Row(
                    row.getObject(1, UUID.class),
                    row.getObject(2, UUID.class),
                    row.getObject(3, UUID.class),
                    row.getString(4),
                    row.getInt(5),
                    row.getInt(6),
                    row.getObject(7, OffsetDateTime.class));
        }
    }

    /**
     * Stores a bundle; the same one of the same device once.
     *
     * @throws ProtocolException {@code slow_down} when the device has sent too many in a day; also when the file is no
     *     gzip or too large when unpacked
     */
    UUID add(Device device, Path file, byte[] sha256) throws IOException {
        int unpacked = unpackedBytes(file);
        int bytes = Math.toIntExact(Files.size(file));
        var id = entropy.uuid();
        var now = clock.instant();
        int added;
        try (var content = Files.newInputStream(file)) {
            added = statements.update(ADD, statement -> {
                statement.setObject(1, id);
                statement.setObject(2, device.id());
                statement.setObject(3, device.organisation());
                statement.setBytes(4, sha256);
                statement.setInt(5, bytes);
                statement.setInt(6, unpacked);
                statement.setObject(7, now.atOffset(ZoneOffset.UTC));
                statement.setBinaryStream(8, content, bytes);
                statement.setObject(9, device.id());
                statement.setObject(10, now.minus(Duration.ofDays(1)).atOffset(ZoneOffset.UTC));
            });
        }
        return added > 0 ? id : earlier(device, sha256);
    }

    private UUID earlier(Device device, byte[] sha256) {
        return statements
                .first(
                        "select id from log_bundle where device_id = ? and sha256 = ?",
                        statement -> {
                            statement.setObject(1, device.id());
                            statement.setBytes(2, sha256);
                        },
                        row -> row.getObject(1, UUID.class))
                .orElseThrow(() -> ProtocolException.retryAfter(
                        OAuth2Error.SLOW_DOWN,
                        "The device has sent " + MOST_A_DAY + " log bundles within a day",
                        Duration.ofHours(1)));
    }

    /** Unpacks it to nowhere, up to the limit and not a byte further. */
    static int unpackedBytes(Path file) throws IOException {
        try (var compressed = Files.newInputStream(file);
                var unpacking = new GZIPInputStream(new BufferedInputStream(compressed, BUFFER), BUFFER)) {
            var buffer = new byte[BUFFER];
            int all = 0;
            for (int read = unpacking.read(buffer); read >= 0; read = unpacking.read(buffer)) {
                all += read;
                if (all > LARGEST_UNPACKED) {
                    throw new ProtocolException(
                            OAuth2Error.PAYLOAD_TOO_LARGE, "The log bundle is too large when unpacked");
                }
            }
            return all;
        } catch (java.util.zip.ZipException | java.io.EOFException notGzip) {
            throw ProtocolException.invalidRequest("The log bundle is not gzip");
        }
    }

    /** The newest first. */
    List<Row> list(Filter filter, Page page) {
        return statements.all(
                "select " + COLUMNS + " from log_bundle" + filter.where()
                        + " order by received_at desc, id limit ? offset ?",
                statement -> filter.bind(statement, page),
                Row::read);
    }

    Optional<byte[]> content(UUID id) {
        return statements.first(
                "select content from log_bundle where id = ?",
                statement -> statement.setObject(1, id),
                row -> row.getBytes(1));
    }

    /** @return whether it was there */
    boolean delete(UUID id) {
        return statements.update("delete from log_bundle where id = ?", statement -> statement.setObject(1, id)) > 0;
    }

    public void purge(Duration lifetime) {
        Batches.delete(statements, "log_bundle", "received_at", clock.instant().minus(lifetime));
    }
}
