/** Operating system processes and ports, as far as starting and stopping servers needs them. Linux first. */
package org.countersign.cli.process;
