package dev.longshore.worker.delivery;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Composes what notices say. Called once for each notice, before its first try.
@FunctionalInterface
interface Bodies {
    /// @return the bodies by the notices' ids; one whose story is gone has none
    Map<UUID, String> compose(List<Notice> notices) throws SQLException;
}
