/** The web applications that may ask for tokens, their API keys, and who may use these from where. */
package org.countersign.ds.applications;
