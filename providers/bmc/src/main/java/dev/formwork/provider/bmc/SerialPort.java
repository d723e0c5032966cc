package dev.formwork.provider.bmc;

import java.io.IOException;

/// The serial port of a node, which its controller passes on, as IPMI's Serial over LAN does.
public interface SerialPort {
    /// Listens to what the node prints, until the controller ends the session; then it returns, and
    /// what is printed until the next session is lost.
    ///
    /// An interrupt ends the session.
    ///
    /// @throws dev.formwork.model.ProblemException where there was no session, as
    ///   [ManagementController] says; `provider.conflict` where somebody else has it;
    ///   `provider.interrupted`
    /// @throws IOException from the listener
    void listen(Listener listener) throws IOException;

    /// What listens, on a thread of its own choice, one call at a time.
    interface Listener {
        /// There is a session. Called once, before all else.
        void begins() throws IOException;

        /// The node has printed this.
        void heard(byte[] bytes) throws IOException;
    }
}
