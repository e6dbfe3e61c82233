package org.countersign.agent.modules;

import jakarta.json.JsonObject;
import java.util.Optional;
import org.countersign.agent.loopback.Deadline;
import org.countersign.core.error.ProtocolException;

/** A kind of tokens under one name. */
interface TokenModule extends AutoCloseable {

    String name();

    /**
     * Has something done.
     *
     * @param reader the reader's name; nothing takes the first token there is
     * @param deadline for all of it, when that is less than it may take anyhow
     * @throws ProtocolException {@code not_offered} for what tokens of this kind can not
     */
    JsonObject call(Optional<String> reader, String operation, JsonObject details, Deadline deadline);

    @Override
    void close();
}
