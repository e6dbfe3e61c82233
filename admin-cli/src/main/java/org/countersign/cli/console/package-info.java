/** {@code countersign password}: what an administrator of a distribution service's console needs at the command line. */
package org.countersign.cli.console;
