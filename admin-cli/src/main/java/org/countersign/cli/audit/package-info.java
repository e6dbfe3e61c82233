/**
 * {@code countersign audit verify}: lets anybody with read access to the database, the anchor folders and the public key
 * check an audit log. Called by the launcher's command line. What is checked is with
 * {@code org.countersign.server.audit}.
 */
package org.countersign.cli.audit;
