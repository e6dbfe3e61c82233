/** One-time passwords, as the server checks and the command line makes them. */
package org.countersign.core.otp;
