package org.countersign.ds.modules;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.countersign.core.cards.AtrPattern;
import org.countersign.core.error.ProtocolException;
import org.countersign.ds.organisations.Organisations;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;
import org.countersign.server.web.Page;

/** Descriptions of cards, for operators. */
@Path("admin/v1/atrs")
@Produces(MediaType.APPLICATION_JSON)
public final class AtrsResource {

    private final Atrs atrs;
    private final Organisations organisations;
    private final AuditLog audit;

    public AtrsResource(Atrs atrs, Organisations organisations, AuditLog audit) {
        this.atrs = atrs;
        this.organisations = organisations;
        this.audit = audit;
    }

    /**
     * An operator's own entry.
     *
     * @param organisation whose alone it is; everyone's when left out
     * @param atr a pattern: hexadecimal digits, {@code .} for any, {@code [0-3]} for some, {@code .*} for any number
     * @param description 1 to 50 lines of 500 characters at most
     */
    public record AtrRequest(UUID organisation, String atr, List<String> description) {}

    /** @param description as in {@link AtrRequest} */
    public record AtrDescriptionRequest(List<String> description) {}

    /** @param imported whether it came with the public list */
    public record AtrDescription(UUID id, UUID organisation, String atr, boolean imported, List<String> description) {

        static AtrDescription of(AtrEntry entry) {
            return new AtrDescription(
                    entry.id(),
                    entry.organisation().orElse(null),
                    entry.pattern().text(),
                    entry.imported(),
                    entry.descriptions());
        }
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response add(@Context SecurityContext security, AtrRequest request) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.OPERATOR);
        if (request == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        var pattern = AtrPattern.parse(request.atr())
                .orElseThrow(() -> ProtocolException.invalidRequest("atr must be a pattern of an answer to reset"));
        var organisation = Optional.ofNullable(request.organisation());
        organisation.ifPresent(organisations::require);
        var entry = atrs.add(organisation, pattern, Texts.lines("description", request.description()));
        audit.append(AuditEvent.success("atr.added")
                .client(caller.clientId())
                .detail("id", entry.id())
                .detail("atr", pattern.text())
                .detail("organisation", organisation.map(UUID::toString).orElse("")));
        return Response.status(Response.Status.CREATED)
                .entity(AtrDescription.of(entry))
                .build();
    }

    /** Other descriptions for a pattern. */
    @PUT
    @Path("{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    public void replace(@Context SecurityContext security, @PathParam("id") UUID id, AtrDescriptionRequest request) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.OPERATOR);
        if (request == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        atrs.replace(id, Texts.lines("description", request.description()));
        audit.append(
                AuditEvent.success("atr.replaced").client(caller.clientId()).detail("id", id));
    }

    @DELETE
    @Path("{id}")
    public void remove(@Context SecurityContext security, @PathParam("id") UUID id) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.OPERATOR);
        atrs.remove(id);
        audit.append(AuditEvent.success("atr.removed").client(caller.clientId()).detail("id", id));
    }

    /** Operators' own entries, or those of the public list; a page at a time, by pattern. */
    @GET
    public List<AtrDescription> list(
            @Context SecurityContext security,
            @QueryParam("imported") @DefaultValue("false") boolean imported,
            @QueryParam("page") Integer page,
            @QueryParam("pageSize") Integer pageSize) {
        Caller.of(security).require(ApiGroup.OPERATOR);
        return atrs.list(imported, Page.of(page, pageSize)).stream()
                .map(AtrDescription::of)
                .toList();
    }

    /** Takes the text of pcsc-tools' {@code smartcard_list.txt} as the public list, in place of an earlier one. */
    @POST
    @Path("import")
    @Consumes(MediaType.TEXT_PLAIN)
    public Atrs.Imported importList(@Context SecurityContext security, InputStream body) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.OPERATOR);
        var list = SmartcardList.parse(text(body));
        if (list.entries().isEmpty()) {
            throw ProtocolException.invalidRequest("The list has no entry");
        }
        var imported = atrs.importList(list);
        audit.append(AuditEvent.success("atrs.imported")
                .client(caller.clientId())
                .detail("entries", imported.entries())
                .detail("changed", imported.changed())
                .detail("removed", imported.removed()));
        return imported;
    }

    private static String text(InputStream body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body.readAllBytes()))
                    .toString();
        } catch (CharacterCodingException notText) {
            throw ProtocolException.invalidRequest("The list is not UTF-8");
        } catch (IOException failure) {
            throw new UncheckedIOException("The list could not be read", failure);
        }
    }
}
