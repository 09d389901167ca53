package dev.longshore.life;

import dev.longshore.job.FreshDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Writes down every change of every job's rows, by triggers: what really happened, whatever the
/// statements said.
final class Ledger {
    private static final List<String> TRIGGERS = List.of("""
            CREATE TABLE ledger (
                place  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                change xid8 NOT NULL DEFAULT pg_current_xact_id(),
                job_id uuid NOT NULL,
                old_status text, new_status text, old_epoch int, new_epoch int
            )
            """, """
            CREATE FUNCTION write_down() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO ledger (job_id, old_status, new_status, old_epoch, new_epoch)
                VALUES (coalesce(NEW.job_id, OLD.job_id), OLD.status, NEW.status, OLD.epoch, NEW.epoch);
                RETURN NULL;
            END $$
            """, """
            CREATE TRIGGER run_is_written_down AFTER INSERT OR DELETE OR UPDATE ON job_run
               FOR EACH ROW EXECUTE FUNCTION write_down()
            """, """
            CREATE TRIGGER outcome_is_written_down AFTER INSERT OR DELETE ON job_outcome
               FOR EACH ROW EXECUTE FUNCTION write_down()
            """);

    /// One statement's change of one job. A job that moves between the tables is two entries of one change.
    ///
    /// @param from null where there was nothing
    record Step(@Nullable String from, @Nullable String to, int fromEpoch, int toEpoch) {}

    private final FreshDatabase database;

    private Ledger(FreshDatabase database) {
        this.database = database;
    }

    static Ledger openedOn(FreshDatabase database) throws SQLException {
        for (String statement : TRIGGERS) {
            database.execute(statement);
        }
        return new Ledger(database);
    }

    void clear() throws SQLException {
        database.execute("DELETE FROM ledger");
    }

    /// The steps of each job, in order. Rows are locked while they change, so the order is that of the
    /// commits.
    Map<UUID, List<Step>> steps() throws SQLException {
        record Change(UUID job, String id) {}
        record Entry(Change change, Step step) {}
        Map<Change, Step> changes = new LinkedHashMap<>();
        List<Entry> entries = database.all(
                "SELECT job_id, change::text, old_status, new_status, old_epoch, new_epoch FROM ledger ORDER BY place",
                row -> new Entry(
                        new Change(row.getObject(1, UUID.class), row.getString(2)),
                        new Step(row.getString(3), row.getString(4), row.getInt(5), row.getInt(6))));
        for (Entry entry : entries) {
            changes.merge(entry.change(), entry.step(), Ledger::together);
        }
        Map<UUID, List<Step>> steps = new LinkedHashMap<>();
        changes.forEach((change, step) ->
                steps.computeIfAbsent(change.job(), _ -> new ArrayList<>()).add(step));
        return steps;
    }

    private static Step together(Step one, Step other) {
        if ((one.from() == null) == (other.from() == null) || (one.to() == null) == (other.to() == null)) {
            throw new AssertionError("one change in two ways: " + one + " and " + other);
        }
        return one.from() != null
                ? new Step(one.from(), Objects.requireNonNull(other.to()), one.fromEpoch(), other.toEpoch())
                : new Step(other.from(), Objects.requireNonNull(one.to()), other.fromEpoch(), one.toEpoch());
    }
}
