/**
 * From a deployed context to its company's configuration file. Called once, when a context starts; a context whose
 * configuration is wrong does not start, its neighbours do. The content of the file is the business of the features.
 */
package org.countersign.server.tenancy;
