package org.countersign.server.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * A row of {@code audit_entry}. Its hash is SHA-256 over, in this order: the label {@code countersign-audit-entry-1},
 * chain (16 bytes), seq (8), at (seconds since 1970 in 8 bytes, nanoseconds in 4), type, outcome, client, tenant, seat,
 * credential, details and previous hash. Label, texts (UTF-8) and previous hash are each preceded by their length in 4
 * bytes, −1 for none; numbers are big-endian. So no two different rows have the same encoding.
 *
 * <p>The references may be null where a row was read back: an attacker may have dropped the table's constraints.
 *
 * @param at in microseconds, which is what the column keeps
 * @param details a JSON object as text, hashed as it stands
 */
record ChainedEntry(
        UUID chain,
        long seq,
        Instant at,
        String type,
        String outcome,
        String client,
        String tenant,
        String seat,
        String credential,
        String details,
        EntryHash previous,
        EntryHash hash) {

    private static final String LABEL = "countersign-audit-entry-1";
    private static final ObjectMapper JSON = new ObjectMapper();

    static ChainedEntry after(ChainHead head, Instant at, AuditEvent event) {
        return new ChainedEntry(
                        head.chain(),
                        head.seq() + 1,
                        at.truncatedTo(ChronoUnit.MICROS),
                        event.type(),
                        event.outcome().columnValue(),
                        event.client().orElse(null),
                        event.tenant().orElse(null),
                        event.seat().orElse(null),
                        event.credentialId().orElse(null),
                        json(event),
                        head.hash(),
                        null)
                .hashed();
    }

    ChainHead head() {
        return new ChainHead(chain, seq, hash);
    }

    /** What {@link #hash} has to be. */
    EntryHash computedHash() {
        var bytes = new ByteArrayOutputStream(512);
        try (var out = new DataOutputStream(bytes)) {
            write(out, LABEL);
            out.writeLong(chain.getMostSignificantBits());
            out.writeLong(chain.getLeastSignificantBits());
            out.writeLong(seq);
            out.writeLong(at == null ? Long.MIN_VALUE : at.getEpochSecond());
            out.writeInt(at == null ? -1 : at.getNano());
            write(out, type);
            write(out, outcome);
            write(out, client);
            write(out, tenant);
            write(out, seat);
            write(out, credential);
            write(out, details);
            write(out, previous == null ? null : previous.bytes());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return EntryHash.over(bytes.toByteArray());
    }

    private ChainedEntry hashed() {
        return new ChainedEntry(
                chain, seq, at, type, outcome, client, tenant, seat, credential, details, previous, computedHash());
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        write(out, text == null ? null : text.getBytes(StandardCharsets.UTF_8));
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes == null ? -1 : bytes.length);
        if (bytes != null) {
            out.write(bytes);
        }
    }

    private static String json(AuditEvent event) {
        try {
            return event.details().isEmpty() ? "{}" : JSON.writeValueAsString(event.details());
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("A map of strings is always JSON", impossible);
        }
    }
}
