package org.countersign.ds.modules;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.countersign.core.cards.AtrPattern;
import org.countersign.core.error.ProtocolException;
import org.countersign.ds.files.FileStore;
import org.countersign.ds.organisations.Organisations;
import org.countersign.ds.releases.AgentOs;
import org.countersign.ds.releases.SemanticVersion;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;

/** Modules and plug-ins, for operators. */
@Path("admin/v1/modules")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class ModulesAdministrationResource {

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");
    private static final int MOST_ATRS = 200;
    private static final int MOST_SYSTEMS = 5;

    private final Modules modules;
    private final FileStore files;
    private final Organisations organisations;
    private final AuditLog audit;
    private final Clock clock;

    public ModulesAdministrationResource(
            Modules modules, FileStore files, Organisations organisations, AuditLog audit, Clock clock) {
        this.modules = modules;
        this.files = files;
        this.organisations = organisations;
        this.audit = audit;
        this.clock = clock;
    }

    /** @param paths 1 to 50 places where a PKCS#11 library may be */
    public record OsLibraries(String os, List<String> paths) {}

    /**
     * What is said of a module.
     *
     * @param organisation whose alone it is; everyone's when left out
     * @param version a semantic version
     * @param description 1 to 500 characters
     * @param atrs up to 200 patterns; none when left out
     * @param libraries one entry for a system at most; none when left out
     */
    public record ModuleRequest(
            UUID organisation, String version, String description, List<String> atrs, List<OsLibraries> libraries) {}

    /** @param uploadedAt as RFC 3339 has it, in UTC */
    public record PlugInDescription(String os, long size, String sha256, String uploadedAt) {

        static PlugInDescription of(AgentOs os, CardModule.PlugIn plugIn) {
            return new PlugInDescription(
                    os.name(),
                    plugIn.file().size(),
                    plugIn.file().sha256(),
                    plugIn.uploadedAt().toString());
        }
    }

    /** @param changedAt as RFC 3339 has it, in UTC */
    public record ModuleDescription(
            String id,
            UUID organisation,
            String version,
            String description,
            List<String> atrs,
            List<OsLibraries> libraries,
            List<PlugInDescription> plugIns,
            String changedAt) {

        static ModuleDescription of(CardModule module) {
            var libraries = new ArrayList<OsLibraries>();
            new TreeMap<>(module.libraries()).forEach((os, paths) -> libraries.add(new OsLibraries(os.name(), paths)));
            var plugIns = new ArrayList<PlugInDescription>();
            new TreeMap<>(module.plugIns()).forEach((os, plugIn) -> plugIns.add(PlugInDescription.of(os, plugIn)));
            return new ModuleDescription(
                    module.id(),
                    module.organisation().orElse(null),
                    module.version(),
                    module.description(),
                    module.atrs(),
                    libraries,
                    plugIns,
                    module.changedAt().toString());
        }
    }

    /** By identifier. */
    @GET
    public List<ModuleDescription> list(@Context SecurityContext security) {
        Caller.of(security).require(ApiGroup.OPERATOR);
        return modules.list().stream().map(ModuleDescription::of).toList();
    }

    /** Adds a module or replaces what is said of it. */
    @PUT
    @Path("{id}")
    public ModuleDescription put(@Context SecurityContext security, @PathParam("id") String id, ModuleRequest request) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.OPERATOR);
        if (request == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        var module = module(id, request);
        module.organisation().ifPresent(organisations::require);
        modules.put(module);
        audit.append(AuditEvent.success("module.decided")
                .client(caller.clientId())
                .detail("module", id)
                .detail("version", module.version())
                .detail(
                        "organisation",
                        module.organisation().map(UUID::toString).orElse("")));
        return ModuleDescription.of(modules.require(id));
    }

    @DELETE
    @Path("{id}")
    public void remove(@Context SecurityContext security, @PathParam("id") String id) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.OPERATOR);
        modules.remove(id);
        audit.append(
                AuditEvent.success("module.removed").client(caller.clientId()).detail("module", id));
    }

    /** Keeps the body as the plug-in for a system, in place of the one that was there. */
    @PUT
    @Path("{id}/plug-ins/{os}")
    @Consumes(MediaType.APPLICATION_OCTET_STREAM)
    public PlugInDescription putPlugIn(
            @Context SecurityContext security,
            @PathParam("id") String id,
            @PathParam("os") String osName,
            InputStream content) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.OPERATOR);
        modules.require(id);
        var os = AgentOs.of(osName);
        var plugIn = modules.putPlugIn(id, os, files.add(content));
        audit.append(AuditEvent.success("plug-in.uploaded")
                .client(caller.clientId())
                .detail("module", id)
                .detail("os", os)
                .detail("size", plugIn.file().size())
                .detail("sha256", plugIn.file().sha256()));
        return PlugInDescription.of(os, plugIn);
    }

    private CardModule module(String id, ModuleRequest request) {
        if (!ID.matcher(id).matches()) {
            throw ProtocolException.invalidRequest(
                    "A module's identifier has 1 to 64 of a-z, 0-9, _ and -, and begins with a letter or digit");
        }
        var version = SemanticVersion.parse(request.version())
                .orElseThrow(() -> ProtocolException.invalidRequest(
                        "version must be a semantic version without build metadata, 64 characters at most"));
        return new CardModule(
                id,
                Optional.ofNullable(request.organisation()),
                version.toString(),
                Texts.line("description", request.description()),
                atrs(request.atrs()),
                libraries(request.libraries()),
                Map.of(),
                clock.instant());
    }

    private static List<String> atrs(List<String> given) {
        if (given == null) {
            return List.of();
        }
        if (given.size() > MOST_ATRS) {
            throw ProtocolException.invalidRequest("atrs has " + MOST_ATRS + " patterns at most");
        }
        return given.stream()
                .map(text -> AtrPattern.parse(text)
                        .orElseThrow(
                                () -> ProtocolException.invalidRequest("atrs must be patterns of answers to reset"))
                        .text())
                .toList();
    }

    private static Map<AgentOs, List<String>> libraries(List<OsLibraries> given) {
        var libraries = new EnumMap<AgentOs, List<String>>(AgentOs.class);
        if (given == null) {
            return libraries;
        }
        if (given.size() > MOST_SYSTEMS) {
            throw ProtocolException.invalidRequest("libraries has one entry for a system at most");
        }
        for (var entry : given) {
            if (entry == null) {
                throw ProtocolException.invalidRequest("libraries is of the wrong type");
            }
            if (libraries.put(AgentOs.of(entry.os()), Texts.lines("paths", entry.paths())) != null) {
                throw ProtocolException.invalidRequest("libraries has one entry for a system at most");
            }
        }
        return libraries;
    }
}
