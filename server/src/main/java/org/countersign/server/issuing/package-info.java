/**
 * Tokens for local agents, and the keys that sign them: made, kept, published and replaced without a live token noticing.
 * For every product that agents trust.
 */
package org.countersign.server.issuing;
