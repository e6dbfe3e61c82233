/**
 * The remote signing server: keeps people's credentials, protected by second factors, and signs for them. Packages are
 * features; {@code wiring} puts them together.
 */
package org.countersign.signer;
