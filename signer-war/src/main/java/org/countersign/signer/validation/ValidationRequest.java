package org.countersign.signer.validation;

import org.countersign.core.error.ProtocolException;

/**
 * The part {@code parameters} as it comes in.
 *
 * @param report {@code simple}, the default, or {@code detailed}
 */
public record ValidationRequest(String report) {

    boolean isDetailed() {
        return switch (report == null ? "simple" : report) {
            case "simple" -> false;
            case "detailed" -> true;
            default -> throw ProtocolException.invalidRequest("report must be simple or detailed");
        };
    }
}
