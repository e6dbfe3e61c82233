package org.countersign.cli.sign;

/** The seat that a demonstration signs for, and the client it comes with, as the ready-to-run tenant has them. */
record DemonstrationSeat(String name, String tenant, String commonName, String clientId, String clientSecret) {

    static final DemonstrationSeat JDOE =
            new DemonstrationSeat("jdoe", "acme", "John Doe (demonstration)", "acme", "acme_password");

    String scope() {
        return "seat:" + this;
    }

    @Override
    public String toString() {
        return name + "@" + tenant;
    }
}
