package org.countersign.wallet.users;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.countersign.core.error.OAuth2Error;
import org.countersign.server.audit.AuditEvent;
import org.countersign.server.audit.AuditLog;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;
import org.countersign.wallet.users.UserFile.LineError;

/** Many users of an organisation from a file, for operators: all of them, or none. */
@Path("admin/v1/organisations/{id}/users")
@Produces(MediaType.APPLICATION_JSON)
public final class UserImportResource {

    private final Users users;
    private final AuditLog audit;

    public UserImportResource(Users users, AuditLog audit) {
        this.users = users;
        this.audit = audit;
    }

    /** @param added how many users there are more than before */
    public record ImportedUsers(int added) {}

    /**
     * A refusal that says what is wrong with which lines.
     *
     * @param lines in their order; each is told one error
     */
    public record ImportRefusal(
            String error, @JsonProperty("error_description") String errorDescription, List<ImportError> lines) {}

    /**
     * @param line its number, from 1, which is that of the columns' names
     * @param error what is wrong, without a value of the file
     */
    public record ImportError(int line, String error) {

        static ImportError of(LineError error) {
            return new ImportError(error.line(), error.error());
        }
    }

    @POST
    @Consumes("text/csv")
    public Response add(@Context SecurityContext security, @PathParam("id") UUID organisation, InputStream body)
            throws IOException {
        var caller = Caller.of(security);
        caller.require(ApiGroup.OPERATOR);
        var file = UserFile.parse(body.readNBytes(UserFile.LONGEST + 1));
        var errors = errors(file);
        if (!errors.isEmpty()) {
            return Response.status(OAuth2Error.INVALID_REQUEST.status())
                    .entity(new ImportRefusal(
                            OAuth2Error.INVALID_REQUEST.wireName(),
                            "Nothing was imported: see the lines",
                            errors.stream().map(ImportError::of).toList()))
                    .build();
        }
        users.addAll(organisation, file.users());
        audit.append(AuditEvent.success("users.imported")
                .client(caller.clientId())
                .detail("organisation", organisation)
                .detail(
                        "logins",
                        file.users().stream().map(user -> user.login().text()).collect(Collectors.joining(" "))));
        return Response.status(Response.Status.CREATED)
                .entity(new ImportedUsers(file.users().size()))
                .build();
    }

    /** Those of the file, and of logins that somebody has. */
    private List<LineError> errors(UserFile file) {
        var taken = users.taken(file.users().stream().map(UserFile.Line::login).toList());
        var errors = new ArrayList<>(file.errors());
        file.users().stream()
                .filter(user -> taken.contains(user.login().text()))
                .forEach(user -> errors.add(new LineError(user.number(), "The user already exists")));
        errors.sort(Comparator.comparingInt(LineError::line));
        return errors;
    }
}
