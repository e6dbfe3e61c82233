/** Looks for secrets in everything a run of the server leaves behind. */
package org.countersign.systemtests.secrets;
