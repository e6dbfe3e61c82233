/**
 * The operators' console, as all products have it: its page, who may sign in, their sessions, and the audit log to be read. What the
 * page has in common is in {@code resources/console-common}, what is a product's own in {@code resources/console} of its archive; everything else that it does,
 * it does by the API that other programs use, too. The tables are in the products' migrations.
 */
package org.countersign.server.console;
