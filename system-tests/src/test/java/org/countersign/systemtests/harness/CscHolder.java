package org.countersign.systemtests.harness;

import static org.countersign.systemtests.harness.CscClient.of;

import java.util.List;
import java.util.Map;
import org.countersign.systemtests.harness.RunningServer.Platform;

/** A holder whose client has the holder's seat by default, and the client's calls of CSC API 1.0.4.0. */
public record CscHolder(Holder holder, CscClient csc) {

    private static final String SHA256_WITH_ECDSA = "1.2.840.10045.4.3.2";

    /** With a client of the same name, at ACME. */
    public static CscHolder enrol(Platform platform, String name, String configuration, int multisign, KeyKind kind) {
        var secret = secret(name);
        platform.acme()
                .asAdministrator()
                .createClient(Map.of(
                        "clientId",
                        name,
                        "clientSecret",
                        secret,
                        "authorizedGrantTypes",
                        "client_credentials",
                        "accessTokenValidity",
                        3600,
                        "authorities",
                        "trustLevel:trustedClient,apiGroup:signer,apiGroup:lister,apiGroup:generator,tenantName:acme",
                        "defaultScope",
                        "seat:" + name + "@acme"))
                .ok();
        var holder = another(platform, name, configuration, multisign, kind);
        var csc = new CscClient(platform.acme());
        return new CscHolder(holder, csc.with(csc.login(name, secret, "{}").ok().text("access_token")));
    }

    /** One more credential of a client's seat. */
    public static Holder another(Platform platform, String name, String configuration, int multisign, KeyKind kind) {
        return new Enrolment(platform.acme(), name, secret(name), platform.authority())
                .configuration(configuration)
                .multiSignature(multisign)
                .kind(kind)
                .enrol(name);
    }

    public static String secret(String name) {
        return "secret of " + name;
    }

    public Answer authorize(int number, List<byte[]> hashes) {
        var parameters = of(holder, "numSignatures", number);
        if (!hashes.isEmpty()) {
            parameters.put("hash", Caller.base64(hashes));
        }
        parameters.putAll(holder.factors());
        return csc.call("credentials/authorize", parameters);
    }

    public String sad(int number, List<byte[]> hashes) {
        return authorize(number, hashes).ok().text("SAD");
    }

    /** By ECDSA with SHA-256. */
    public Answer sign(String sad, List<byte[]> hashes) {
        return sign(sad, hashes, Map.of("signAlgo", SHA256_WITH_ECDSA));
    }

    public Answer sign(String sad, List<byte[]> hashes, Map<String, ?> algorithm) {
        var parameters = of(holder, "SAD", sad, "hash", Caller.base64(hashes));
        parameters.putAll(algorithm);
        return csc.call("signatures/signHash", parameters);
    }

    public Answer extend(String sad, List<byte[]> hashes) {
        var parameters = of(holder, "SAD", sad);
        if (!hashes.isEmpty()) {
            parameters.put("hash", Caller.base64(hashes));
        }
        return csc.call("credentials/extendTransaction", parameters);
    }
}
