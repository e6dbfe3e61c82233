/**
 * The audit log: every security event as an entry of a hash chain in the database, and the chain's newest hash, signed,
 * in an anchor outside it. Who may write every table still cannot remove, change, reorder, cut or replace entries
 * without {@link org.countersign.server.audit.AuditVerifier} finding it.
 *
 * <p>Callers: use cases call {@link org.countersign.server.audit.AuditLog#append} before they release a result; wiring
 * starts one log per context and server start; the command line verifies.
 *
 * <p>What the anchor proves ends where the anchor does. After a crash the entries between the last anchored head and the
 * crash are taken over as found when the node starts again (once per chain, noted as {@code chain.recovered}); who
 * writes tables in that very gap can add to the end of that chain. An attacker who writes both the database and the
 * anchor folder can take both back to an earlier state; keep copies of the folder elsewhere against that.
 *
 * <p>Out of scope: who did what in an application's log files, retention, reading the log by screen.
 */
package org.countersign.server.audit;
