package org.countersign.ds.releases;

import java.time.Instant;
import org.countersign.ds.files.StoredFile;

/** A file that installs a version on a system. */
record Installer(StoredFile file, InstallerFormat format, Instant uploadedAt) {}
