/**
 * The wizard: a page where a holder enrols, signs, validates, and sees the own credentials and history. What signing in takes is the
 * operators' consoles' ({@code org.countersign.server.console}), with addresses of its own; a session is a seat's
 * ({@code SeatSessions}). The page does everything by the API that other programs use, too. Its files are in {@code resources/wizard}.
 */
package org.countersign.signer.wizard;
