/** What the user sees: lines, progress, and refusals that end a command with a reason instead of a stack trace. */
package org.countersign.cli.terminal;
