package org.countersign.ds.transactions;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import org.countersign.core.error.ProtocolException;
import org.countersign.ds.devices.DeviceCalls;
import org.countersign.ds.devices.DeviceProofVerifier;
import org.countersign.ds.envelope.Envelope;
import org.countersign.server.web.JsonBodies;
import org.countersign.server.web.OpenToAll;

/** Where devices send their transactions; as often as they like, each is stored once. */
@Path("v3/devices/{uuid}/transactions")
@OpenToAll
public final class DeviceTransactionsResource {

    /** A thousand transactions of ordinary length. */
    public static final int LARGEST = 1 << 20;

    private final DeviceCalls devices;
    private final Transactions transactions;

    public DeviceTransactionsResource(DeviceCalls devices, Transactions transactions) {
        this.devices = devices;
        this.transactions = transactions;
    }

    /** @param added how many were new */
    public record TransactionsAdded(int added) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public Envelope<TransactionsAdded> add(
            @PathParam("uuid") String uuid,
            @HeaderParam(DeviceProofVerifier.HEADER) List<String> signatures,
            byte[] body) {
        var device = devices.require(uuid, signatures, "/transactions", body);
        if (body == null) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        var reports = Arrays.asList(JsonBodies.parse(body, TransactionReport[].class));
        TransactionReport.check(reports);
        return Envelope.of(new TransactionsAdded(transactions.add(device, reports)));
    }
}
