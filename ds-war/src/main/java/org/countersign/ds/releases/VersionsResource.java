package org.countersign.ds.releases;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.countersign.core.error.ProtocolException;
import org.countersign.ds.envelope.Envelope;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;

/** Versions of the agent, for operators. */
@Path("v3_5/versions")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class VersionsResource {

    private static final int LONGEST_URI = 1_000;
    private static final int MOST_URIS = 5;
    private static final int PERCENT = 100;

    private final Versions versions;
    private final AuditLog audit;
    private final Clock clock;

    public VersionsResource(Versions versions, AuditLog audit, Clock clock) {
        this.versions = versions;
        this.audit = audit;
        this.clock = clock;
    }

    /** @param uri {@code https}, up to 1,000 characters: where the very bytes of the installer are to be had as well */
    public record OsUri(String os, String uri) {}

    /**
     * A decision about a version.
     *
     * @param id a semantic version without build metadata, up to 64 characters
     * @param recommended false when left out
     * @param mandatory false when left out
     * @param allowed true when left out
     * @param rolloutPercent 0 to 100; 100 when left out
     * @param uris one for a system at most; none when left out
     */
    public record VersionRequest(
            String id,
            Boolean recommended,
            Boolean mandatory,
            Boolean allowed,
            Integer rolloutPercent,
            List<OsUri> uris) {}

    /** @param uploadedAt as RFC 3339 has it, in UTC */
    public record InstallerDescription(String os, String format, long size, String sha256, String uploadedAt) {

        static InstallerDescription of(AgentOs os, Installer installer) {
            return new InstallerDescription(
                    os.name(),
                    installer.format().toString(),
                    installer.file().size(),
                    installer.file().sha256(),
                    installer.uploadedAt().toString());
        }
    }

    /** @param changedAt as RFC 3339 has it, in UTC */
    public record VersionDescription(
            String id,
            boolean recommended,
            boolean mandatory,
            boolean allowed,
            int rolloutPercent,
            List<OsUri> uris,
            List<InstallerDescription> installers,
            String changedAt) {

        static VersionDescription of(AgentVersion version) {
            return new VersionDescription(
                    version.id().toString(),
                    version.recommended(),
                    version.mandatory(),
                    version.allowed(),
                    version.rolloutPercent(),
                    version.uris().entrySet().stream()
                            .sorted(Map.Entry.comparingByKey())
                            .map(uri -> new OsUri(uri.getKey().name(), uri.getValue()))
                            .toList(),
                    version.installers().entrySet().stream()
                            .sorted(Comparator.comparing(Map.Entry::getKey))
                            .map(installer -> InstallerDescription.of(installer.getKey(), installer.getValue()))
                            .toList(),
                    version.changedAt().toString());
        }
    }

    /** Adds a version or replaces what was decided on it. */
    @PUT
    public Envelope<VersionDescription> put(@Context SecurityContext security, VersionRequest request) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.OPERATOR);
        if (request == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        var version = version(request);
        versions.put(version);
        audit.append(AuditEvent.success("version.decided")
                .client(caller.clientId())
                .detail("version", version.id())
                .detail("recommended", version.recommended())
                .detail("mandatory", version.mandatory())
                .detail("allowed", version.allowed())
                .detail("rolloutPercent", version.rolloutPercent())
                .detail("uris", version.uris()));
        return Envelope.of(VersionDescription.of(versions.require(version.id())));
    }

    /** The highest first. */
    @GET
    public Envelope<List<VersionDescription>> list(@Context SecurityContext security) {
        Caller.of(security).require(ApiGroup.OPERATOR);
        return Envelope.of(versions.current().versions().stream()
                .map(VersionDescription::of)
                .toList());
    }

    @GET
    @Path("{id}")
    public Envelope<VersionDescription> show(@Context SecurityContext security, @PathParam("id") String id) {
        Caller.of(security).require(ApiGroup.OPERATOR);
        return Envelope.of(
                VersionDescription.of(versions.require(SemanticVersion.parse(id).orElseThrow(Versions::notFound))));
    }

    private AgentVersion version(VersionRequest request) {
        var id = SemanticVersion.parse(request.id())
                .orElseThrow(() -> ProtocolException.invalidRequest(
                        "id must be a semantic version without build metadata, 64 characters at most"));
        int percent = request.rolloutPercent() == null ? PERCENT : request.rolloutPercent();
        if (percent < 0 || percent > PERCENT) {
            throw ProtocolException.invalidRequest("rolloutPercent must be from 0 to 100");
        }
        return new AgentVersion(
                id,
                Boolean.TRUE.equals(request.recommended()),
                Boolean.TRUE.equals(request.mandatory()),
                !Boolean.FALSE.equals(request.allowed()),
                percent,
                uris(request.uris()),
                Map.of(),
                clock.instant());
    }

    private static Map<AgentOs, String> uris(List<OsUri> given) {
        var uris = new EnumMap<AgentOs, String>(AgentOs.class);
        if (given == null) {
            return uris;
        }
        if (given.size() > MOST_URIS) {
            throw ProtocolException.invalidRequest("uris has one entry for a system at most");
        }
        for (var entry : given) {
            if (entry == null) {
                throw ProtocolException.invalidRequest("uris is of the wrong type");
            }
            if (uris.put(AgentOs.of(entry.os()), uri(entry.uri())) != null) {
                throw ProtocolException.invalidRequest("uris has one entry for a system at most");
            }
        }
        return uris;
    }

    private static String uri(String text) {
        try {
            if (text != null && text.length() <= LONGEST_URI) {
                var uri = new URI(text);
                if ("https".equals(uri.getScheme()) && uri.getHost() != null && uri.getUserInfo() == null) {
                    return text;
                }
            }
        } catch (URISyntaxException malformed) {
            // said below
        }
        throw ProtocolException.invalidRequest("uri must be an https address of 1000 characters at most");
    }
}
