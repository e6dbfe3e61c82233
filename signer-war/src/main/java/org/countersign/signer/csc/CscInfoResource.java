package org.countersign.signer.csc;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.countersign.server.web.CurrentRequest;
import org.countersign.server.web.OpenToAll;
import org.countersign.signer.configuration.CscSettings;
import org.countersign.signer.factors.SendCode;

/** What the service is and which of the methods answer (CSC API 1.0.4.0 §11.1). */
@Path("csc/v1")
@OpenToAll
@Produces(MediaType.APPLICATION_JSON)
public final class CscInfoResource {

    /** Every method that does something everywhere; the order is the specification's. */
    private static final List<String> METHODS = List.of(
            "info",
            "auth/login",
            "auth/revoke",
            "credentials/list",
            "credentials/info",
            "credentials/authorize",
            "credentials/extendTransaction",
            "signatures/signHash",
            "oauth2/token",
            "oauth2/revoke");

    private static final String TIMESTAMP = "signatures/timestamp";
    private static final String SEND_OTP = "credentials/sendOTP";

    /** RFC 5646; there are no answers in others. */
    static final String LANGUAGE = "en-US";

    /** How a client gets its token. */
    static final List<String> AUTH_TYPES = List.of("basic", "oauth2client");

    private static final String LOGO = "/csc/v1/logo.png";

    private final CscSettings settings;
    private final List<String> methods;
    private final byte[] logo;

    /**
     * @param timestamps {@code info} tells whether there are any
     * @param codes {@code info} tells whether any are sent
     */
    public CscInfoResource(CscSettings settings, CscTimestamps timestamps, SendCode codes) {
        this.settings = settings;
        var there = new ArrayList<>(METHODS);
        if (codes.isThere()) {
            there.add(there.indexOf("signatures/signHash"), SEND_OTP);
        }
        if (timestamps.areThere()) {
            there.add(there.indexOf("signatures/signHash") + 1, TIMESTAMP);
        }
        this.methods = List.copyOf(there);
        try (var image = CscInfoResource.class.getResourceAsStream("/csc-logo.png")) {
            logo = image.readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The answer of {@code info}; {@code oauth2} is what {@code oauth2/token} is appended to. */
    public record CscInfo(
            String specs,
            String name,
            String logo,
            String region,
            String lang,
            String description,
            List<String> authType,
            String oauth2,
            List<String> methods) {}

    @POST
    @Path("info")
    @Consumes(MediaType.APPLICATION_JSON)
    public CscInfo info(byte[] body) {
        CscRequest.of(body).text("lang");
        return info();
    }

    /** For clients that send nothing. */
    @GET
    @Path("info")
    public CscInfo info() {
        var address = address(settings);
        return new CscInfo(
                "1.0.4.0",
                settings.name(),
                logo(settings),
                settings.region(),
                LANGUAGE,
                settings.description(),
                AUTH_TYPES,
                address + "/csc/v1/",
                methods);
    }

    @GET
    @Path("logo.png")
    @Produces("image/png")
    public InputStream logo() {
        return new ByteArrayInputStream(logo);
    }

    /** Where the context is reached. */
    static String address(CscSettings settings) {
        return settings.address().orElseGet(CscInfoResource::addressOfRequest);
    }

    static String logo(CscSettings settings) {
        return settings.logo().orElseGet(() -> address(settings) + LOGO);
    }

    private static String addressOfRequest() {
        var request = CurrentRequest.get();
        var address = request.getRequestURL();
        return address.substring(0, address.length() - request.getRequestURI().length()) + request.getContextPath();
    }
}
