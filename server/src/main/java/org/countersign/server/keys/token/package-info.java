/**
 * The child process that uses a PKCS#11 library (2.40). Knows the JDK and ipkcs11wrapper alone: its classes are copied out
 * of the WAR, so whatever is added here has to be named in {@code TokenProcess}.
 *
 * <p>Who calls: {@code org.countersign.server.keys.TokenProcess} starts it and talks to it in {@link
 * org.countersign.server.keys.token.Frame}s over a socket. Who may use which key is decided there, not here.
 */
package org.countersign.server.keys.token;
