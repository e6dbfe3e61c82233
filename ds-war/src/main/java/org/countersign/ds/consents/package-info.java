/** Which agent of a shared host a browser's user agreed to use. */
package org.countersign.ds.consents;
