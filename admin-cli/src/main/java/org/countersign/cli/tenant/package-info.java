/**
 * {@code countersign tenant export} and {@code import}: takes one tenant from a company's context to another's, with
 * other secrets. Works on configuration, database and key folder as the server does, and needs none running.
 *
 * <p>The file: a line of JSON that says how it is encrypted ({@link org.countersign.cli.tenant.FileHeader}), then a JWE a
 * line ({@link org.countersign.cli.tenant.TenantFileWriter}), in which are lines of JSON
 * ({@link org.countersign.cli.tenant.TenantRecord}). Private keys are in it as the holders' factors wrap them; only the
 * outer wrap, of the master secret, is taken off and put on again. What wraps what is with
 * {@code org.countersign.server.keys}.
 */
package org.countersign.cli.tenant;
