/** Files that operators give and agents fetch: kept under the SHA-256 of their content, served as RFC 9110 has it. */
package org.countersign.ds.files;
