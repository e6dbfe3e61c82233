package org.countersign.systemtests.harness;

/** Takes a seat from nothing to a credential that signs. */
public final class Enrolment {

    /** The PIN that every holder of these tests has. */
    public static final String PIN = "271828";

    private final SignerApi api;
    private final String clientId;
    private final String secret;
    private final TestAuthority authority;
    private String tenant = "acme";
    private String configuration = "pin";
    private int multiSignature = 1;
    private KeyKind kind = KeyKind.P_256;

    /** @param clientId a generator and signer */
    public Enrolment(SignerApi api, String clientId, String secret, TestAuthority authority) {
        this.api = api;
        this.clientId = clientId;
        this.secret = secret;
        this.authority = authority;
    }

    public Enrolment tenant(String name) {
        this.tenant = name;
        return this;
    }

    public Enrolment configuration(String id) {
        this.configuration = id;
        return this;
    }

    public Enrolment multiSignature(int most) {
        this.multiSignature = most;
        return this;
    }

    public Enrolment kind(KeyKind wanted) {
        this.kind = wanted;
        return this;
    }

    public Holder enrol(String seat) {
        var generator = api.as(clientId, secret, "");
        var credential = generator
                .create(tenant, seat, configuration, multiSignature)
                .ok()
                .text("credentialId");
        String pin = null;
        Authenticator authenticator = null;
        if (configuration.contains("pin")) {
            pin = PIN;
            generator.setPin(credential, pin).ok();
        }
        if (configuration.contains("otp")) {
            authenticator = new Authenticator(generator.newOtp(credential).ok().text("secret"));
            generator.confirmOtp(credential, authenticator.next()).ok();
        }
        var csr = generator.keyPair(credential, kind).ok().text("csr");
        generator.certificate(credential, authority.pkcs7(authority.issue(csr))).ok();
        var signer = api.as(clientId, secret, "seat:" + seat + "@" + tenant);
        return new Holder(signer, credential, kind, pin, authenticator);
    }
}
