/**
 * What a context says about itself: to the application server's log by {@link java.lang.System.Logger}, and, where
 * {@code loggersConfig} of its company's file asks for it, into files of the company's own. A WAR's classes are loaded
 * anew for each context, and with them {@link org.countersign.server.logging.ContextLogger} and what it writes to: so
 * the lines of companies on one server never meet, in no thread and on no server.
 */
package org.countersign.server.logging;
