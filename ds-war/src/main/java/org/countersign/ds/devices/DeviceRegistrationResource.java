package org.countersign.ds.devices;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.core.error.ProtocolException;
import org.countersign.ds.devices.Registration.RegistrationRequest;
import org.countersign.ds.envelope.Envelope;
import org.countersign.server.web.JsonBodies;
import org.countersign.server.web.OpenToAll;

/** Where devices register. */
@Path("v3/devices/{uuid}")
@OpenToAll
public final class DeviceRegistrationResource {

    private final Registrations registrations;
    private final DeviceCalls calls;
    private final DeviceCertificates certificates;
    private final DeviceProofVerifier verifier;
    private final Clock clock;

    public DeviceRegistrationResource(
            Registrations registrations,
            DeviceCalls calls,
            DeviceCertificates certificates,
            DeviceProofVerifier verifier,
            Clock clock) {
        this.registrations = registrations;
        this.calls = calls;
        this.certificates = certificates;
        this.verifier = verifier;
        this.clock = clock;
    }

    /**
     * @param registered whether it was this call that made it known
     * @param tlsCertificate the chain for its TLS key: base64 of DER, its own first
     */
    public record Registered(UUID uuid, boolean registered, String serverTime, List<String> tlsCertificate) {}

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public Envelope<Registered> register(
            @PathParam("uuid") String uuid,
            @HeaderParam(DeviceProofVerifier.HEADER) List<String> signatures,
            byte[] body) {
        var id = DeviceCalls.identifier(uuid);
        var proof = verifier.verify(signatures, "PUT", id, "");
        if (body == null || body.length == 0) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        proof.requireBody(DigestUtils.sha256(body));
        var request = JsonBodies.parse(body, RegistrationRequest.class);
        boolean added = registrations.register(proof, request.checked(id, verifier), request.registrationKey());
        return Envelope.of(
                new Registered(id, added, clock.instant().toString(), certificates.current(calls.registered(id))));
    }
}
