package org.countersign.systemtests.benchmark;

/** The kinds of key that are measured. */
enum BenchmarkKey {
    RSA_2048("RSA-2048", 2048, "SHA256withRSA", "SHA256WITHRSA"),
    RSA_3072("RSA-3072", 3072, "SHA256withRSA", "SHA256WITHRSA"),
    P_256("P-256", 256, "SHA256withECDSA", "SHA256WITHECDSA");

    private final String label;
    private final int bits;
    private final String jcaName;
    private final String wireName;

    BenchmarkKey(String label, int bits, String jcaName, String wireName) {
        this.label = label;
        this.bits = bits;
        this.jcaName = jcaName;
        this.wireName = wireName;
    }

    /** As options and report write it. */
    String label() {
        return label;
    }

    int bits() {
        return bits;
    }

    boolean isRsa() {
        return this != P_256;
    }

    String jcaName() {
        return jcaName;
    }

    /** The {@code signAlgo} of the request. */
    String wireName() {
        return wireName;
    }

    static BenchmarkKey of(String label) {
        for (var key : values()) {
            if (key.label.equalsIgnoreCase(label)) {
                return key;
            }
        }
        throw new IllegalArgumentException("RSA-2048, RSA-3072 and P-256 are measured, not " + label);
    }
}
