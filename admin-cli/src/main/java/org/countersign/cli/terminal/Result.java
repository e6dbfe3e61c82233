package org.countersign.cli.terminal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;

/** What a command tells: progress and lines for people, or one JSON object and nothing else on standard output. */
public final class Result {

    private static final JsonMapper JSON = JsonMapper.builder()
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();

    private final boolean json;
    private final Terminal terminal;

    /** @param json whether the result is for programs; then what is for people goes to standard error */
    public Result(boolean json) {
        this.json = json;
        this.terminal = json ? new Terminal(System.err, false) : Terminal.standard();
    }

    /** For what is to be read by people while it happens. */
    public Terminal terminal() {
        return terminal;
    }

    /** Ends the command. */
    public void print(Object facts, List<String> lines) {
        if (json) {
            System.out.println(write(facts));
            System.out.flush();
        } else {
            lines.forEach(terminal::say);
        }
    }

    private static String write(Object facts) {
        try {
            return JSON.writeValueAsString(facts);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
