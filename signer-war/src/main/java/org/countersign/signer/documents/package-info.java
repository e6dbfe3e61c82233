/**
 * Documents that come back signed: PAdES, XAdES, JAdES, CAdES and ASiC (ETSI EN 319 142-1, 319 132-1, TS 119 182-1, EN 319 122-1, 319 162-1).
 * What is authorized and signed is what {@code activation} and {@code signatures} authorize and sign for everybody; here documents become
 * the bytes to be signed, and signatures become documents. Nothing is kept between two calls.
 */
package org.countersign.signer.documents;
