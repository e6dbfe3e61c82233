/**
 * Signatures over hashes that are there already: the schemes by their names on the wire, how keys in files make them, and
 * how they are checked. Called by the modules, the sandbox and the cards.
 */
package org.countersign.agent.signature;
