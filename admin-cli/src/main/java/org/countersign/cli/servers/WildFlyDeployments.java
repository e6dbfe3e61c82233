package org.countersign.cli.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.countersign.cli.process.Folders;

/** WildFly's deployment scanner: it and we talk by marker files beside the archive, {@code NAME.war.dodeploy}. */
public final class WildFlyDeployments implements Deployments {

    private static final String ASKED = ".dodeploy";
    private static final String DEPLOYING = ".isdeploying";
    private static final String DEPLOYED = ".deployed";
    private static final String FAILED = ".failed";
    private static final String UNDEPLOYED = ".undeployed";
    private static final List<String> MARKERS =
            List.of(ASKED, DEPLOYED, FAILED, DEPLOYING, ".isundeploying", UNDEPLOYED, ".pending");

    private final Path folder;

    /** @param folder {@code standalone/deployments} */
    public WildFlyDeployments(Path folder) {
        this.folder = folder;
    }

    /**
     * What runs is taken away by nobody but the scanner, which puts the new one in its place: {@code .deployed} stays. So
     * this may be cut off anywhere. {@code .failed} goes before {@code .dodeploy} comes, since a server that starts
     * deploys for each of them.
     */
    @Override
    public void deploy(String name, Path archive) throws IOException {
        Folders.copyIfDifferent(archive, folder.resolve(name));
        for (String former : List.of(FAILED, UNDEPLOYED)) {
            Files.deleteIfExists(marker(name, former));
        }
        if (!Files.exists(marker(name, ASKED))) {
            Files.createFile(marker(name, ASKED));
        }
    }

    /** The archive goes last: without its marker the scanner leaves it alone. */
    @Override
    public void undeploy(String name) throws IOException {
        for (String marker : MARKERS) {
            Files.deleteIfExists(marker(name, marker));
        }
        Files.deleteIfExists(folder.resolve(name));
    }

    @Override
    public State state(String name) throws IOException {
        if (Files.exists(marker(name, ASKED)) || Files.exists(marker(name, DEPLOYING))) {
            return State.PENDING;
        }
        if (Files.exists(marker(name, FAILED))) {
            return State.failed(Files.readString(marker(name, FAILED)).strip());
        }
        if (Files.exists(marker(name, DEPLOYED))) {
            return State.DEPLOYED;
        }
        return Files.exists(marker(name, UNDEPLOYED)) ? State.UNDEPLOYED : State.PENDING;
    }

    private Path marker(String name, String suffix) {
        return folder.resolve(name + suffix);
    }
}
