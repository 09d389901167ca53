package dev.longshore.api.hostile;

import jakarta.inject.Inject;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;

/// A test that finds a tenant with something of everything to aim at.
abstract class OnAnEstate {
    @Inject
    DataSource database;

    Estate estate;

    @BeforeEach
    void settle() throws SQLException {
        estate = new Estate(database);
    }
}
