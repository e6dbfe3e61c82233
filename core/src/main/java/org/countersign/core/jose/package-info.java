/** Keys and signatures of JOSE, stricter than the library: one encoding of each thing, points on their curve, no private members. */
package org.countersign.core.jose;
