/**
 * The distribution service: turns API keys into short-lived JWTs, registers devices, tells local agents whom to trust, and
 * collects their transactions and logs. A package per feature; {@code wiring} puts them together.
 */
package org.countersign.ds;
