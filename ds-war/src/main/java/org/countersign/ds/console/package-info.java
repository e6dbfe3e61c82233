/**
 * The operators' console: its page, who may sign in, their sessions, and what only it shows. The page itself is in
 * {@code resources/console}; everything else that it does, it does by the API that other programs use, too.
 */
package org.countersign.ds.console;
