/**
 * What the user has agreed to: by the agent's own window, or by copying a code word that the agent finds on the
 * clipboard. Kept on disk, each with its end.
 */
package org.countersign.agent.consent;
