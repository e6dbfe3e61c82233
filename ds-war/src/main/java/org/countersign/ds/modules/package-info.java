/** What agents know of cards: modules with their plug-ins, and descriptions of cards by their answer to reset. */
package org.countersign.ds.modules;
