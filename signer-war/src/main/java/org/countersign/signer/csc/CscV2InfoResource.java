package org.countersign.signer.csc;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.countersign.server.keys.KeyAlgorithm;
import org.countersign.server.web.OpenToAll;
import org.countersign.signer.configuration.CscSettings;
import org.countersign.signer.documents.DocumentFormat.Level;
import org.countersign.signer.factors.SendCode;

/** What the service is and which of the methods answer (CSC API 2.0.0.2 §11.1). */
@Path("csc/v2")
@OpenToAll
@Produces(MediaType.APPLICATION_JSON)
public final class CscV2InfoResource {

    private static final List<String> SIGN_ALGORITHMS = Arrays.stream(KeyAlgorithm.values())
            .map(CscAlgorithms::of)
            .flatMap(List::stream)
            .distinct()
            .toList();

    private static final SignatureFormats FORMATS = formats();

    private final CscSettings settings;
    private final List<String> methods;
    private final List<String> levels;

    /**
     * @param timestamps {@code info} tells whether there are any
     * @param codes likewise, whether any are sent
     * @param levels of documents' signatures that can be made here
     */
    public CscV2InfoResource(CscSettings settings, CscTimestamps timestamps, SendCode codes, List<Level> levels) {
        this.settings = settings;
        this.levels = levels.stream().map(level -> "Ades-" + level.wireName()).toList();
        var there = new ArrayList<>(List.of(
                "info",
                "auth/login",
                "auth/revoke",
                "credentials/list",
                "credentials/info",
                "credentials/authorize",
                "credentials/authorizeCheck",
                "credentials/extendTransaction",
                "credentials/delete",
                "signatures/signHash",
                "signatures/signDoc"));
        if (settings.creation().isPresent()) {
            there.add(there.indexOf("credentials/delete"), "credentials/create");
        }
        if (codes.isThere()) {
            there.add(there.indexOf("credentials/extendTransaction"), "credentials/getChallenge");
        }
        if (timestamps.areThere()) {
            there.add("signatures/timestamp");
        }
        there.addAll(List.of("oauth2/token", "oauth2/revoke"));
        this.methods = List.copyOf(there);
    }

    /** @param algos OIDs, as in {@code key/algo} and as {@code signAlgo} */
    public record SignAlgorithms(List<String> algos) {}

    /** Of {@code signatures/signDoc}, with the values of {@code signed_envelope_property} for each format. */
    public record SignatureFormats(
            List<String> formats,
            @JsonProperty("envelope_properties") List<List<String>> envelopeProperties) {}

    /** The answer of {@code info}; {@code oauth2} is what {@code oauth2/token} is appended to. */
    public record CscV2Info(
            String specs,
            String name,
            String logo,
            String region,
            String lang,
            String description,
            List<String> authType,
            String oauth2,
            boolean asynchronousOperationMode,
            List<String> methods,
            boolean validationInfo,
            SignAlgorithms signAlgorithms,
            @JsonProperty("signature_formats") SignatureFormats signatureFormats,
            @JsonProperty("conformance_levels") List<String> conformanceLevels) {}

    private static SignatureFormats formats() {
        var letters = WantedDocument.FORMATS.keySet().stream().sorted().toList();
        return new SignatureFormats(
                letters,
                letters.stream()
                        .map(WantedDocument.FORMATS::get)
                        .map(format -> WantedDocument.properties(format).stream()
                                .map(WantedDocument.Property::name)
                                .toList())
                        .toList());
    }

    @POST
    @Path("info")
    @Consumes(MediaType.APPLICATION_JSON)
    public CscV2Info info(byte[] body) {
        CscRequest.of(body).text("lang");
        return info();
    }

    /** For clients that send nothing. */
    @GET
    @Path("info")
    public CscV2Info info() {
        return new CscV2Info(
                "2.0.0.2",
                settings.name(),
                CscInfoResource.logo(settings),
                settings.region(),
                CscInfoResource.LANGUAGE,
                settings.description(),
                CscInfoResource.AUTH_TYPES,
                CscInfoResource.address(settings) + "/csc/v2/",
                false,
                methods,
                false,
                new SignAlgorithms(SIGN_ALGORITHMS),
                FORMATS,
                levels);
    }
}
