package org.countersign.server.signingkeys;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
import java.util.List;
import org.countersign.server.issuing.SigningKeys;
import org.countersign.server.issuing.StoredKey;
import org.countersign.server.oauth.ApiGroup;
import org.countersign.server.oauth.Caller;

/** Signing keys, for operators. */
@Path("admin/v1/keys")
@Produces(MediaType.APPLICATION_JSON)
public final class SigningKeysResource {

    private final SigningKeys keys;

    public SigningKeysResource(SigningKeys keys) {
        this.keys = keys;
    }

    /**
     * A signing key, without what is secret.
     *
     * @param kid the thumbprint of the public key (RFC 7638)
     * @param state {@code next}, {@code current} or {@code retired}
     * @param createdAt as RFC 3339 has it, in UTC, like the other times
     * @param currentSince when it began to sign
     * @param retiredAt when it ended
     */
    public record SigningKeyDescription(
            String kid, String algorithm, String state, String createdAt, String currentSince, String retiredAt) {

        static SigningKeyDescription of(StoredKey key) {
            return new SigningKeyDescription(
                    key.kid(),
                    key.algorithm().name(),
                    key.state().stored(),
                    key.createdAt().toString(),
                    key.currentSince().map(Instant::toString).orElse(null),
                    key.retiredAt().map(Instant::toString).orElse(null));
        }
    }

    /** The newest first. */
    @GET
    public List<SigningKeyDescription> list(@Context SecurityContext security) {
        Caller.of(security).require(ApiGroup.OPERATOR);
        return descriptions();
    }

    /** Now, whatever the schedule says. */
    @POST
    @Path("rotate")
    public List<SigningKeyDescription> rotate(@Context SecurityContext security) {
        var caller = Caller.of(security);
        caller.require(ApiGroup.OPERATOR);
        keys.rotate(caller.clientId());
        return descriptions();
    }

    private List<SigningKeyDescription> descriptions() {
        return keys.all().stream().map(SigningKeyDescription::of).toList();
    }
}
