/**
 * {@code countersign up} and {@code down}: embedded PostgreSQL and an application server with the ready-to-run ACME tenant,
 * supervised by one process. Everything lives in one data folder: {@code postgres}, {@code wildfly} or {@code liberty},
 * {@code config}, {@code keys}, {@code secrets} (of this folder's servers, owner only), {@code log}, {@code run} (who runs)
 * and {@code demo} (what {@code countersign sign} keeps in the holder's place). For trying out, development and tests;
 * production deploys the WARs on an application server of its own.
 */
package org.countersign.cli.up;
