/** Where the build put what the commands run, and in which versions. */
package org.countersign.cli.installation;
