package org.countersign.ds.logs;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.DigestOutputStream;
import java.util.List;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.ds.devices.DeviceCalls;
import org.countersign.ds.devices.DeviceProofVerifier;
import org.countersign.ds.envelope.Envelope;
import org.countersign.server.web.OpenToAll;

/** Where devices send their log files. A bundle waits in a temporary file, not in memory. */
@Path("v3/devices/{uuid}/logs")
@OpenToAll
public final class DeviceLogsResource {

    private final DeviceCalls devices;
    private final LogBundles bundles;
    private final java.nio.file.Path temporaryFolder;

    public DeviceLogsResource(DeviceCalls devices, LogBundles bundles, java.nio.file.Path temporaryFolder) {
        this.devices = devices;
        this.bundles = bundles;
        this.temporaryFolder = temporaryFolder;
    }

    /** @param id for the support desk */
    public record BundleStored(UUID id) {}

    /** Nothing is read before the signature, all but its digest of the body, was found good. */
    @POST
    @Consumes("application/gzip")
    @Produces(MediaType.APPLICATION_JSON)
    public Envelope<BundleStored> add(
            @PathParam("uuid") String uuid,
            @HeaderParam(DeviceProofVerifier.HEADER) List<String> signatures,
            InputStream body)
            throws IOException {
        var call = devices.begin(uuid, signatures, "/logs");
        var file = Files.createTempFile(temporaryFolder, "log-bundle", ".gz");
        try {
            var digest = DigestUtils.getSha256Digest();
            try (var out = new DigestOutputStream(Files.newOutputStream(file), digest)) {
                body.transferTo(out);
            }
            var sha256 = digest.digest();
            return Envelope.of(new BundleStored(bundles.add(call.finish(sha256), file, sha256)));
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
