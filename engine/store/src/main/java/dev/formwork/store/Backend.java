package dev.formwork.store;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/// A database as one [SqlStore] has it: beside the words of its [Dialect], what makes a commit
/// durable, what gives this process the right to write, and how that ends.
///
/// [#connect], [#isCertain], [#durableEvent], [#failure] and [#problem] are called by any thread;
/// all else only by the thread that writes, and by that which opens before there is one, and closes
/// once it has ended.
interface Backend {
    Dialect dialect();

    /// Whether other engines write to it as well, each about the shards that it has.
    boolean isShared();

    /// The connection that writes.
    Connection writer();

    /// One more connection, that commits each statement by itself.
    Connection connect() throws SQLException;

    /// Begins the writer's transaction, before its first statement.
    ///
    /// @throws ProblemException `store.fenced` where another engine writes now
    void begin() throws SQLException;

    /// The ids of events of the writer's transaction. Called once, just before [#commit].
    EventIds eventIds(Statements statements);

    /// Whether the writer's transaction failed in a way that asks to do all of it again; then it is
    /// undone.
    boolean mayRepeat(SQLException failure) throws SQLException;

    /// The newest event that readers may see: what is newer may yet be lost, and its id given to
    /// another event.
    long durableEvent();

    /// Ends the writer's transaction: what is in it would survive a power loss when this returns.
    void commit() throws SQLException;

    /// Makes sure that this process still has the right to write, where that can be lost. Called
    /// where there is nothing to write, and no later than [#patience] after it was called last.
    ///
    /// @throws ProblemException `store.fenced`
    void confirm() throws SQLException;

    /// Whether the right to write was confirmed a moment ago, or cannot be lost.
    boolean isCertain();

    /// How long the writer may be idle before it has to [#confirm].
    Duration patience();

    /// Wins back a little space after a write, if it is worth it.
    void compact() throws SQLException;

    /// Why commits wait at the moment, if they do.
    Optional<Problem> problem();

    /// What went wrong, in the words of [dev.formwork.workflow.store.Store].
    ProblemException failure(Throwable cause);

    /// Lets go of everything but the connections of readers, which are closed already.
    ///
    /// @param well whether no write has failed
    void close(boolean well);
}
