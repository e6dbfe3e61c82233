/**
 * A company's database: settings, pool, migrations, {@code SessionFactory}. Opened once per context by its wiring;
 * transactions are resource-local ({@code inTransaction}, {@code fromTransaction}). Out of scope: what is stored.
 */
package org.countersign.server.persistence;
