package org.countersign.agent.settings;

import java.util.Locale;

/**
 * Everything that can be set. An argument {@code --port.https=51983} comes before the environment's
 * {@code COUNTERSIGN_AGENT_PORT_HTTPS}, that before the line {@code port.https = 51983} of the file.
 */
public enum Setting {
    PORT_HTTPS("port.https", "51983", "Port of HTTPS; 0 takes a free one"),
    PORT_HTTP("port.http", "51984", "Port of HTTP; 0 takes a free one, \"off\" opens none"),
    HOST_NAMES("host.names", "localhost", "Names, beside 127.0.0.1 and [::1], by which pages reach the agent"),
    ORIGINS("origins", "", "Origins of the pages that may use the agent, such as https://app.example.com"),
    TOKEN_REQUIRED("token.required", "true", "Whether calls need a token; \"false\" leaves all security to the origin"),
    TOKEN_ISSUERS(
            "token.issuers",
            "",
            "Who may issue tokens: \"iss\" as it stands in them; the keys are at ISSUER/.well-known/jwks.json"),
    TOKEN_ALGORITHMS("token.algorithms", "ES256, RS256", "Signatures of tokens that are taken: ES256, RS256, PS256"),
    DS_URL("ds.url", "", "Address of the distribution service, \"issuer\" as it stands there; empty: none is used"),
    DS_REGISTRATION_KEY(
            "ds.registration.key", "", "Registration key of the organisation; needed until it is registered"),
    HTTPS_TRUST(
            "https.trust", "", "PEM file of authorities that the agent's own calls trust, beside those that Java has"),
    CONSENT_REQUIRED("consent.required", "true", "Whether a page needs the user's consent for readers and modules"),
    CONSENT_DAYS("consent.days", "365", "The longest that a consent lasts, in days, whatever a page asks for"),
    DIALOGS("dialogs", "auto", "What shows the agent's own windows: swing, zenity, kdialog, off, or auto"),
    LANGUAGE("language", "", "Of the agent's own windows: en or es; empty takes what the browser prefers"),
    PKCS11_LIBRARIES("pkcs11.libraries", "", "PKCS#11 libraries of the module \"pkcs11\", full paths"),
    PIV_LIBRARY("piv.library", "", "PKCS#11 library of the module \"piv\"; empty looks for OpenSC where it usually is"),
    MODULE_LIBRARIES(
            "module.libraries",
            "",
            "PKCS#11 libraries of further modules, each as name=path, instead of where the agent looks for them"),
    JAVA_KEYTOOL_FILE("java-keytool.file", "", "PKCS#12 file of the module \"java-keytool\", full path"),
    TRUSTSTORE_FILE(
            "truststore.file",
            "",
            "PKCS#12 file of the module \"truststore\"; \"system\" takes the store of keys of Windows or macOS, which may sign without asking the user"),
    LIBRARY_SECONDS("library.seconds", "60", "How long a PKCS#11 library may take for a call, in seconds"),
    PIN_V3("pin.v3", "true", "Whether PINs encrypted as the v3 SDK does it (RSA, PKCS#1 v1.5) are taken"),
    PIN_CLEAR("pin.clear", "false", "Whether PINs in clear are taken"),
    PIN_BULK_SECONDS(
            "pin.bulk.seconds", "300", "How long a PIN for a series of signatures is kept, in seconds; 0 keeps none"),
    THREADS("threads", "16", "How many requests are worked on at once"),
    LOG_MEGABYTES("log.megabytes", "5", "How large a log file grows before the next is begun"),
    LOG_FILES("log.files", "5", "How many log files are kept"),
    DATA("data", "", "Folder of keys and certificates; empty takes the user's own for applications"),
    FILE("file", "", "The settings file; empty takes agent.properties in the data folder, when it is there");

    private static final String ENVIRONMENT = "COUNTERSIGN_AGENT_";

    private final String key;
    private final String standard;
    private final String description;

    Setting(String key, String standard, String description) {
        this.key = key;
        this.standard = standard;
        this.description = description;
    }

    public String key() {
        return key;
    }

    /** The value when nobody sets one. */
    public String standard() {
        return standard;
    }

    public String description() {
        return description;
    }

    /** Whether the value is shown to nobody. */
    boolean isSecret() {
        return this == DS_REGISTRATION_KEY;
    }

    /** The name in the environment. */
    public String variable() {
        return ENVIRONMENT + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
