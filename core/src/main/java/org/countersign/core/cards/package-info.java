/** What agents and the distribution service both have to know of cards. */
package org.countersign.core.cards;
