/**
 * A real PostgreSQL without an installation: the binaries come from Maven Central, the data directory stays. For
 * {@code countersign up} and every test; production names a PostgreSQL of its own. The binaries are started directly, not
 * through the library that carries them: that one always lets everybody in without a password ("trust") and stops
 * whatever it finds in a data directory.
 */
package org.countersign.cli.database;
