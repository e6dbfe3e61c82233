/**
 * PKCS#11 libraries of others, and readers, each in a child process: one that crashes or hangs costs the request it was asked for, and
 * nothing else. {@code Sandbox} is the parent's end, {@code Child} the other; between them go frames of JSON over a Unix
 * domain socket in a folder of this user's. Called by the token modules.
 */
package org.countersign.agent.sandbox;
