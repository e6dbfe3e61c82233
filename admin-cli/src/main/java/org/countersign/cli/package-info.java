/**
 * What {@code ./countersign} runs: the commands, each a thin picocli class over a package of its own. Started by the shell
 * script at the project's root, which builds first; nothing in the servers calls it.
 */
package org.countersign.cli;
