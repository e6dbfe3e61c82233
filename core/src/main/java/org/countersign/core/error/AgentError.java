package org.countersign.core.error;

import java.util.Locale;

/**
 * How the local agent refuses. On the wire each has a number {@code A BB CCC}: 1 for the agent and 8 for consents, the
 * area, the error; those of the v3 API are its own.
 */
public enum AgentError implements ErrorCode {
    /** The request is not HTTP as this agent takes it, or a member of its body is wrong. */
    BAD_REQUEST(400, 101_400),
    /** {@code Host} is not this agent's: a name of somebody else's that leads here (DNS rebinding). */
    HOST_REFUSED(403, 101_403),
    NOT_FOUND(404, 101_404),
    METHOD_NOT_ALLOWED(405, 101_405),
    PAYLOAD_TOO_LARGE(413, 101_413),
    UNSUPPORTED_MEDIA_TYPE(415, 101_415),
    /** Tried too often in a short time. */
    THROTTLED(429, 101_429),
    SERVER_ERROR(500, 101_500),
    /** The agent has no desktop on which it could show a window, or read the clipboard. */
    NO_DESKTOP(501, 101_501),
    /** The distribution service is away, or there is none; the number is the v3 API's for what can not be reached. */
    SERVICE_AWAY(503, 112_999),
    /** No token, or one that is not good here and now. */
    UNAUTHORIZED(401, 104_025),
    /** The page's origin is not among those that are allowed, or not among the token's. */
    ORIGIN_REFUSED(403, 104_026),
    /** What changes something needs a header that a page of another origin can not send by itself. */
    HEADER_REQUIRED(403, 104_027),
    /** No such reader; identifiers are those of this run of the agent. */
    READER_NOT_FOUND(404, 105_404),
    /** The reader is there, without a card. */
    NO_CARD(409, 105_409),
    /** The reader, or a library, is at work for somebody else: to be tried again. */
    BUSY(503, 105_503),
    /** No such module, or none of its libraries is on this machine. */
    MODULE_NOT_FOUND(404, 106_404),
    /** The module, or the card, has no such call. */
    NOT_OFFERED(404, 106_405),
    /** The card has no certificate, or no key, of that kind or identifier; the number is the v3 SDK's. */
    CERTIFICATE_NOT_FOUND(404, 302_102),
    /** Empty, unknown, or not offered by the card for that key. */
    ALGORITHM_REFUSED(400, 106_400),
    /** The library refused, in a way that has no other name here. */
    CARD_FAILED(502, 106_502),
    /** The library ended its process; a new one serves the next request. */
    LIBRARY_CRASHED(502, 106_503),
    /** The library did not answer in time; its process was ended. */
    LIBRARY_TIMEOUT(504, 106_504),
    /** What the card gave is not as its specification says. */
    CARD_DATA(502, 106_505),
    PIN_REQUIRED(400, 107_400),
    PIN_INCORRECT(400, 107_401),
    /** One more wrong PIN would lock the card: nothing was tried. */
    PIN_LAST_TRY(403, 107_402),
    PIN_LOCKED(403, 107_403),
    /** A PIN in clear, where the settings have it encrypted. */
    PIN_NOT_ENCRYPTED(400, 107_404),
    /** The user closed the agent's window for the PIN, took the PIN pad's way out, or let its time pass. */
    PIN_NOT_ENTERED(403, 107_405),
    /** No consent for this user, browser and page, or not any more; the number is the v3 API's. */
    CONSENT_REQUIRED(401, 814_501);

    private final int status;
    private final int number;

    AgentError(int status, int number) {
        this.status = status;
        this.number = number;
    }

    @Override
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public int status() {
        return status;
    }

    /** The {@code code} of the v3 API. */
    public int number() {
        return number;
    }
}
