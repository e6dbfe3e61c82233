package org.countersign.agent.loopback;

import jakarta.json.JsonValue;
import java.util.Optional;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;

/**
 * What is sent.
 *
 * @param body JSON; nothing for a preflight
 */
record Answer(int status, byte[] body) {

    private static final int OTHERS = 101_000;

    static Answer of(JsonValue data, Route.Form form, Optional<AnswerSigner> signer) {
        if (form == Route.Form.BARE) {
            return new Answer(200, Jsons.bytes(data));
        }
        var envelope = Jsons.object().add("success", true).add("data", data);
        signer.ifPresent(signing -> envelope.add("signature", signing.sign(Jsons.bytes(data))));
        return new Answer(200, Jsons.bytes(envelope.build()));
    }

    static Answer of(ProtocolException refusal) {
        var code = refusal.code();
        int number = code instanceof AgentError own ? own.number() : OTHERS + code.status();
        return new Answer(
                code.status(),
                Jsons.bytes(Jsons.object()
                        .add("success", false)
                        .add("code", number)
                        .add("description", refusal.description())
                        .build()));
    }
}
