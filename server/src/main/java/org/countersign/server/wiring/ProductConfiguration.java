package org.countersign.server.wiring;

import java.util.List;

/** A context's whole configuration file, read and checked. */
public interface ProductConfiguration {

    ContextSettings common();

    /** About what is accepted and better changed; to be logged. */
    List<String> warnings();
}
