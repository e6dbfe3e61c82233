/**
 * Windows of the agent's own, and the clipboard: each by a program of its own (a second Java with Swing, zenity, kdialog,
 * xclip, wl-paste), so that nothing of a desktop is in the agent's process. Called by consents and token modules.
 */
package org.countersign.agent.dialogs;
