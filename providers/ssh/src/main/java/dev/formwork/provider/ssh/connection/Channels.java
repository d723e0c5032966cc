package dev.formwork.provider.ssh.connection;

import java.util.concurrent.Semaphore;

/// How many channels of a connection are used at once: as many as we allow ourselves, and fewer
/// where the host has refused one (OpenSSH: `MaxSessions`). Thread-safe.
final class Channels {
    /// OpenSSH's own limit is 10; others of the same user may be there too.
    private static final int MOST = 4;

    private final Permits permits = new Permits();
    private int most = MOST;

    private static final class Permits extends Semaphore {
        private static final long serialVersionUID = 1L;

        Permits() {
            super(MOST);
        }

        void takeOneAway() {
            reducePermits(1);
        }
    }

    /// Waits for the turn of one more.
    void acquire() throws InterruptedException {
        permits.acquire();
    }

    /// One that was acquired is closed.
    void release() {
        permits.release();
    }

    /// One that was acquired could not be opened: from now on there are fewer by one, and it waits
    /// for its turn again. It is to be released as before, also where this fails.
    ///
    /// @return false where it is the only one: then it was not refused for the sake of others
    boolean giveWay() throws InterruptedException {
        synchronized (this) {
            if (most == 1) {
                return false;
            }
            most--;
        }
        permits.takeOneAway();
        permits.release();
        try {
            permits.acquire();
        } catch (InterruptedException e) {
            permits.takeOneAway();
            throw e;
        }
        return true;
    }
}
