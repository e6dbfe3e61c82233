/** The key vaults that a configuration file asks for. {@code AwsKeyManagement} alone uses Amazon's SDK, which the WARs with vaults carry. */
package org.countersign.server.vaults;
