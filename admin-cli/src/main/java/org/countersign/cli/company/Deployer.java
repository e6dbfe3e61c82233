package org.countersign.cli.company;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.countersign.cli.process.Daemon;
import org.countersign.cli.servers.Deployments;
import org.countersign.cli.terminal.Refusal;
import org.countersign.cli.terminal.Terminal;

/** Has the server deploy contexts, come to rest and take them away, and returns when it has. */
final class Deployer {

    private static final Duration MOMENT = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 100;

    /** After a context took no more requests and had none: what it answered last is still on its way out. */
    private static final long AFTERGLOW_MILLIS = 300;

    private final Site site;
    private final Terminal terminal;

    Deployer(Site site, Terminal terminal) {
        this.site = site;
        this.terminal = terminal;
    }

    /** @param name of a context that may be asked for it */
    void awaitServer(String name) {
        long began = System.nanoTime();
        while (!site.health(name).answered()) {
            var waited = Duration.ofNanos(System.nanoTime() - began);
            if (waited.compareTo(MOMENT) > 0) {
                throw Refusal.notRunning("The server at " + site.address() + " does not answer.");
            }
            terminal.progress("Waiting for the server at " + site.address(), waited);
            Daemon.pause(POLL_MILLIS);
        }
    }

    boolean isThere(String name) {
        return Files.exists(site.deployed(name)) || site.health(name).context().equals(name);
    }

    boolean hasFile(String name, War war) throws IOException {
        return Files.isRegularFile(site.deployed(name)) && Files.mismatch(war.file(), site.deployed(name)) < 0;
    }

    /**
     * Whether the WAR lies there and becomes ready without more being done: after a crash of this command in the middle of a
     * deployment, after a start of the server, or because a context at rest may take requests again.
     */
    boolean comesUpByItself(String name, War war) throws IOException {
        if (!hasFile(name, war) || !isUnderWay(name)) {
            return false;
        }
        long began = System.nanoTime();
        while (!isReady(name, war)) {
            var waited = Duration.ofNanos(System.nanoTime() - began);
            if (waited.compareTo(site.patience().dividedBy(2)) > 0) {
                return false;
            }
            terminal.progress("Waiting for: " + name, waited);
            Daemon.pause(POLL_MILLIS);
        }
        return true;
    }

    void deploy(String name, War war) throws IOException {
        site.deployments().deploy(name + Site.WAR, war.file());
        await(name, name, () -> {
            refuseIfFailed(name);
            return isReady(name, war);
        });
    }

    void undeploy(String name) throws IOException {
        site.deployments().undeploy(name + Site.WAR);
        await(name, "The end of " + name, () -> site.health(name).isGone(name));
        terminal.say("  " + name + " is gone.");
    }

    /** @param flag whose being there lets the context come to rest */
    void drain(Path flag, String name) throws IOException {
        if (!Files.exists(flag)) {
            DurableFile.write(flag, new byte[0], DurableFile.ALL_MAY_READ);
        }
        await(name, name + " to answer what it has taken", () -> {
            var health = site.health(name);
            return health.isGone(name)
                    || health.context().equals(name) && !health.takesRequests() && health.inFlight() == 0;
        });
        Daemon.pause(AFTERGLOW_MILLIS);
    }

    void openWaitingRoom(String company) throws IOException {
        var room = WaitingRoom.forCompany(site.waitingRoom(), company, site.state());
        try {
            var deployed = site.deployed(WaitingRoom.CONTEXT);
            if (!Files.exists(deployed)
                    || Files.mismatch(room, deployed) >= 0
                    || !WaitingRoom.isThere(site.address())) {
                site.deployments().deploy(WaitingRoom.CONTEXT + Site.WAR, room);
                await(WaitingRoom.CONTEXT, "The waiting room", () -> {
                    refuseIfFailed(WaitingRoom.CONTEXT);
                    return WaitingRoom.isThere(site.address());
                });
            }
        } finally {
            Files.deleteIfExists(room);
        }
    }

    /**
     * As soon as the company is there again, if it is open: Open Liberty goes on leading every address that somebody asked at
     * meanwhile to the waiting room.
     */
    void closeWaitingRoom() throws IOException {
        if (!Files.exists(site.deployed(WaitingRoom.CONTEXT))) {
            return;
        }
        site.deployments().undeploy(WaitingRoom.CONTEXT + Site.WAR);
        await(WaitingRoom.CONTEXT, "The end of the waiting room", () -> !WaitingRoom.isThere(site.address()));
    }

    private boolean isReady(String name, War war) {
        return site.health(name).isReady(name, war.version());
    }

    private boolean isUnderWay(String name) throws IOException {
        var phase = site.deployments().state(name + Site.WAR).phase();
        return phase == Deployments.Phase.DEPLOYED || phase == Deployments.Phase.PENDING;
    }

    /** To be asked after a deployment of this command's own only: what a server says of an earlier one is over. */
    private void refuseIfFailed(String name) throws IOException {
        var state = site.deployments().state(name + Site.WAR);
        if (state.phase() == Deployments.Phase.FAILED) {
            throw Refusal.failed("The server refused " + name + ": " + state.message()
                    + "\nSee its log. Mend it and give the same command again, or roll back.");
        }
    }

    private void await(String name, String what, Condition condition) throws IOException {
        long began = System.nanoTime();
        while (!condition.holds()) {
            var waited = Duration.ofNanos(System.nanoTime() - began);
            if (waited.compareTo(site.patience()) > 0) {
                throw Refusal.failed(what + ": not after " + waited.toSeconds() + " s; " + name + " says: "
                        + site.health(name).inWords() + ". Give the same command again to go on.");
            }
            terminal.progress("Waiting for: " + what, waited);
            Daemon.pause(POLL_MILLIS);
            if (Thread.currentThread().isInterrupted()) {
                throw new IOException("interrupted while waiting");
            }
        }
    }

    private interface Condition {
        boolean holds() throws IOException;
    }
}
