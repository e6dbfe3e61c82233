/** The local agent: gives web pages on allowed origins the readers, cards and keys of the user's machine. */
package org.countersign.agent;
