package org.countersign.core.error;

/** What a protocol's {@code error} member may say, and the HTTP status that goes with it. */
public sealed interface ErrorCode
        permits OAuth2Error, SignerError, CscError, DsError, WalletError, ScimError, AgentError {

    /** The value on the wire, such as {@code invalid_request}. */
    String wireName();

    /** The HTTP status of the answer. */
    int status();
}
