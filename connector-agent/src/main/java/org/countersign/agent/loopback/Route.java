package org.countersign.agent.loopback;

import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One call.
 *
 * @param segments of the path; {@code {name}} takes any one
 * @param changes whether the call changes something, so that it must not be one a page of any origin can make
 */
public record Route(String method, List<String> segments, Access access, Form form, Handler handler, boolean changes) {

    /** Who may call. */
    public enum Access {
        /** Whoever the gate lets through. */
        OPEN,
        /** Who has a token. */
        TOKEN
    }

    /** How the answer looks. */
    public enum Form {
        /** {@code {"success":true,"data":…}}. */
        ENVELOPE,
        /** As it is: the v3 API has one such. */
        BARE
    }

    /** Answers. */
    @FunctionalInterface
    public interface Handler {
        JsonValue answer(Call call);
    }

    public Route {
        segments = List.copyOf(segments);
    }

    /** One that changes something unless it is a GET. */
    public Route(String method, List<String> segments, Access access, Form form, Handler handler) {
        this(method, segments, access, form, handler, !"GET".equals(method));
    }

    /** A GET that changes something. */
    public static Route changingGet(String path, Access access, Handler handler) {
        return new Route("GET", split(path), access, Form.ENVELOPE, handler, true);
    }

    public static Route get(String path, Access access, Handler handler) {
        return new Route("GET", split(path), access, Form.ENVELOPE, handler);
    }

    public static Route post(String path, Access access, Handler handler) {
        return new Route("POST", split(path), access, Form.ENVELOPE, handler);
    }

    /** The same call with another handler. */
    public Route answeredBy(Handler other) {
        return new Route(method, segments, access, form, other, changes);
    }

    /** What the user must have agreed to before the handler runs. By the path, so that no route can forget it. */
    Optional<ConsentType> consent() {
        if (segments.size() < 2 || !"v3".equals(segments.get(0))) {
            return Optional.empty();
        }
        return switch (segments.get(1)) {
            case "readers" -> Optional.of(ConsentType.READER);
            case "modules" ->
                Optional.of(
                        segments.size() > 2 && "fileexchange".equals(segments.get(2))
                                ? ConsentType.FILE_EXCHANGE
                                : ConsentType.READER);
            default -> Optional.empty();
        };
    }

    /** What the names in the path stand for; nothing when it is another path. */
    Optional<Map<String, String>> match(List<String> path) {
        if (path.size() != segments.size()) {
            return Optional.empty();
        }
        var names = new HashMap<String, String>();
        for (int i = 0; i < path.size(); i++) {
            var segment = segments.get(i);
            if (segment.startsWith("{")) {
                names.put(segment.substring(1, segment.length() - 1), path.get(i));
            } else if (!segment.equals(path.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(names);
    }

    static List<String> split(String path) {
        var parts = new ArrayList<String>();
        for (var part : path.substring(1).split("/", -1)) {
            parts.add(part);
        }
        return parts;
    }
}
