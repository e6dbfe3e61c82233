package org.countersign.cli.servers;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The folder in which an administrator puts applications, and what the server made of them. A file's name without its
 * ending is the context.
 *
 * <pre>{@code
 * Deployments deployments = new WildFlyDeployments(base.resolve("deployments"));
 * deployments.deploy("signer-acme.war", war);
 * var state = deployments.state("signer-acme.war");
 * }</pre>
 */
public sealed interface Deployments permits WildFlyDeployments, LibertyDeployments {

    /**
     * What became of a file.
     *
     * @param phase how far the server came
     * @param message why it failed, in the server's words; may be empty
     */
    record State(Phase phase, String message) {

        public static final State PENDING = new State(Phase.PENDING, "");
        public static final State DEPLOYED = new State(Phase.DEPLOYED, "");
        public static final State UNDEPLOYED = new State(Phase.UNDEPLOYED, "");

        public static State failed(String message) {
            return new State(Phase.FAILED, message);
        }
    }

    /** How far the server came. */
    enum Phase {
        /** Nothing is known yet. */
        PENDING,
        DEPLOYED,
        FAILED,
        UNDEPLOYED
    }

    /**
     * Puts a file in place, whole, and has the server deploy it, also with the same content as before. A file of this name
     * that is there is replaced. Cut off, it leaves what was deployed, or has it deployed anew.
     */
    void deploy(String name, Path archive) throws IOException;

    /** Takes a file away, and with it the application. Does nothing when it is not there. */
    void undeploy(String name) throws IOException;

    /** What the server made of a file since {@link #deploy} or {@link #undeploy}, otherwise of late. */
    State state(String name) throws IOException;
}
