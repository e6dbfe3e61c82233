package org.countersign.server.web;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;

/**
 * Forms, read from the body alone and the same on every server: a server's own reader may fail on broken escapes, or take
 * parameters out of the address, where secrets do not belong (RFC 6749 §2.3.1).
 */
@Provider
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
public final class FormBodies implements MessageBodyReader<Form> {

    @Override
    public boolean isReadable(Class<?> type, Type generic, Annotation[] annotations, MediaType mediaType) {
        return type == Form.class;
    }

    @Override
    public Form readFrom(
            Class<Form> type,
            Type generic,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, String> headers,
            InputStream body)
            throws IOException {
        return Form.parse(new String(body.readAllBytes(), StandardCharsets.UTF_8));
    }
}
