package org.countersign.server.vaults;

/** Where new keys go; the seed's names. */
public enum VaultChoice {
    /** Wrapped, into the company's database. */
    DATABASE("PKCS12DBWebCertificate"),
    /** Into the vault that {@code hsm} describes. */
    HSM("HSMWebCertificate");

    private final String wireName;

    VaultChoice(String wireName) {
        this.wireName = wireName;
    }

    @Override
    public String toString() {
        return wireName;
    }
}
