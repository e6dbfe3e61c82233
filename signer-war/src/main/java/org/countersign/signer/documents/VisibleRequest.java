package org.countersign.signer.documents;

/**
 * Where a PDF shows its signature, and what, as it comes in: {@code field}, or all of {@code page} to {@code height}.
 *
 * @param field the name of a signature field of the document
 * @param page from 1 on
 * @param x of the left edge, from that of the page, in points of 1/72 inch
 * @param y of the upper edge, downwards from that of the page
 * @param text in lines
 */
public record VisibleRequest(
        String field, Integer page, Double x, Double y, Double width, Double height, String text) {}
