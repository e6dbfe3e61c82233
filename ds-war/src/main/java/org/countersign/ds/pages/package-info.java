/** Pages and what they load: files of the archive, read once. */
package org.countersign.ds.pages;
