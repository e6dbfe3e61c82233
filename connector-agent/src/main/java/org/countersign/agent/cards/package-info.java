/**
 * Cards that are spoken to by APDUs (ISO/IEC 7816-4), without a library of others. Runs in a child process of the sandbox, so
 * that a reader that hangs costs its request only.
 */
package org.countersign.agent.cards;
