package org.countersign.server.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.MessageBodyWriter;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.List;
import org.countersign.core.configuration.NearestName;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.specification.Scim;

/**
 * JSON in and out, the same on every server: strict about types, duplicates and unknown members, and with a refusal that
 * names the member. Only our own records pass through it.
 */
@Provider
@Consumes(MediaType.APPLICATION_JSON)
@Produces({MediaType.APPLICATION_JSON, Scim.MEDIA_TYPE})
public final class JsonBodies implements MessageBodyReader<Object>, MessageBodyWriter<Object> {

    private static final int MAX_STRING = 1 << 20;
    private static final int MAX_DEPTH = 20;
    private static final String OURS = "org.countersign.";

    private static final JsonMapper MAPPER = mapper(MAX_STRING);

    private static JsonMapper mapper(int longestString) {
        return JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxStringLength(longestString)
                                .maxNestingDepth(MAX_DEPTH)
                                .build())
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                        .build())
                .disable(JsonReadFeature.ALLOW_JAVA_COMMENTS.mappedFeature())
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                .withCoercionConfig(LogicalType.Textual, text -> {
                    text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
                    text.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
                    text.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
                })
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.USE_DEFAULTS))
                .build();
    }

    @Override
    public boolean isReadable(Class<?> type, Type generic, Annotation[] annotations, MediaType mediaType) {
        return type.getName().startsWith(OURS);
    }

    @Override
    public Object readFrom(
            Class<Object> type,
            Type generic,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, String> headers,
            InputStream body)
            throws IOException {
        return parse(body.readAllBytes(), type);
    }

    /**
     * For who needs the bytes of a body as well, such as to verify a digest of them.
     *
     * @param type a record of ours, or an array of them
     * @throws ProtocolException {@code invalid_request}
     */
    public static <T> T parse(byte[] bytes, Class<T> type) {
        return parse(MAPPER, bytes, type);
    }

    /**
     * For who takes documents as texts, and has limited the body.
     *
     * @param longestString in characters
     */
    public static <T> T parse(byte[] bytes, Class<T> type, int longestString) {
        return parse(mapper(longestString), bytes, type);
    }

    private static <T> T parse(JsonMapper mapper, byte[] bytes, Class<T> type) {
        if (bytes.length == 0) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        try {
            var value = mapper.readValue(bytes, type);
            if (value == null) {
                throw ProtocolException.invalidRequest("Payload is required");
            }
            return value;
        } catch (UnrecognizedPropertyException unknown) {
            throw ProtocolException.invalidRequest("The payload has a member that is not known here" + hint(unknown));
        } catch (MismatchedInputException mismatch) {
            throw mismatch(mismatch, type);
        } catch (JsonProcessingException notJson) {
            throw notJson.getCause() instanceof ProtocolException refusal
                    ? refusal
                    : ProtocolException.invalidRequest("The payload is not valid JSON");
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    @Override
    public boolean isWriteable(Class<?> type, Type generic, Annotation[] annotations, MediaType mediaType) {
        return type.getName().startsWith(OURS) || Collection.class.isAssignableFrom(type);
    }

    @Override
    public void writeTo(
            Object value,
            Class<?> type,
            Type generic,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, Object> headers,
            OutputStream out)
            throws IOException {
        out.write(write(value));
    }

    /** One of our own records as JSON. */
    static byte[] write(Object value) throws IOException {
        return MAPPER.writeValueAsBytes(value);
    }

    private static ProtocolException mismatch(MismatchedInputException mismatch, Class<?> type) {
        var member = member(mismatch.getPath());
        if (member.isEmpty()) {
            return ProtocolException.invalidRequest(
                    "The payload must be a JSON " + (type.isArray() ? "array of objects" : "object"));
        }
        return ProtocolException.invalidRequest(member + " is of the wrong type");
    }

    /** Names of our own records only: array positions and names from outside stay out. */
    private static String member(List<JsonMappingException.Reference> path) {
        return path.stream()
                .map(JsonMappingException.Reference::getFieldName)
                .filter(name -> name != null)
                .findFirst()
                .orElse("");
    }

    private static String hint(UnrecognizedPropertyException unknown) {
        var known = unknown.getKnownPropertyIds().stream().map(Object::toString).toList();
        return NearestName.of(unknown.getPropertyName(), known)
                .map(name -> "; did you mean " + name + "?")
                .orElse(" (known: " + String.join(", ", known) + ")");
    }
}
