package org.countersign.signer.documents;

import java.util.Optional;
import java.util.stream.Stream;

/** How signatures go with documents; the wire's {@code format}. */
public enum DocumentFormat {
    /** In the PDF itself: ETSI EN 319 142-1. */
    PADES("PAdES"),
    /** XML: ETSI EN 319 132-1. */
    XADES("XAdES"),
    /** JSON: ETSI TS 119 182-1. */
    JADES("JAdES"),
    /** CMS: ETSI EN 319 122-1. */
    CADES("CAdES");

    private final String wireName;

    DocumentFormat(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }

    static Optional<DocumentFormat> find(String name) {
        return Stream.of(values())
                .filter(format -> format.wireName.equals(name))
                .findFirst();
    }

    /** ZIP files with the signature beside the document: ETSI EN 319 162-1. */
    public enum Container {
        ASIC_S("ASiC-S"),
        ASIC_E("ASiC-E");

        private final String wireName;

        Container(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }

        static Optional<Container> find(String name) {
            return Stream.of(values())
                    .filter(container -> container.wireName.equals(name))
                    .findFirst();
        }
    }

    /** Where the document is, seen from the signature. */
    public enum Packaging {
        ENVELOPED("enveloped"),
        ENVELOPING("enveloping"),
        DETACHED("detached");

        private final String wireName;

        Packaging(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }

        static Optional<Packaging> find(String name) {
            return Stream.of(values())
                    .filter(packaging -> packaging.wireName.equals(name))
                    .findFirst();
        }
    }

    /** The baseline levels, each with what the ones before have: a signature, its time, what proves its certificates, and a time of all that. */
    public enum Level {
        B("B-B"),
        T("B-T"),
        LT("B-LT"),
        LTA("B-LTA");

        private final String wireName;

        Level(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }

        public boolean isStamped() {
            return this != B;
        }

        public boolean needsRevocationData() {
            return this == LT || this == LTA;
        }

        static Optional<Level> find(String name) {
            return Stream.of(values())
                    .filter(level -> level.wireName.equals(name))
                    .findFirst();
        }
    }
}
