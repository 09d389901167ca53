package dev.longshore.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

class ServersTest {
    @Test
    void everyCallerSharesTheSameServers() {
        assertThat(Servers.shared().jdbcUrl()).isEqualTo(Servers.shared().jdbcUrl());
        assertThat(Servers.shared().kafka()).isEqualTo(Servers.shared().kafka());
    }

    @Test
    void theDatabaseIsPostgres18() throws SQLException {
        var servers = Servers.shared();
        try (var connection = servers.connect(servers.jdbcUrl());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "select current_database(), current_setting('server_version_num')::int")) {
            rows.next();
            assertThat(rows.getString(1)).isEqualTo("longshore");
            assertThat(rows.getInt(2)).isGreaterThanOrEqualTo(180_000);
        }
    }

    @Test
    void aNewDatabaseIsEmptyAndItsOwn() throws SQLException {
        var servers = Servers.shared();
        String first = servers.newDatabase();
        String second = servers.newDatabase();
        assertThat(first).isNotEqualTo(second);
        try (var connection = servers.connect(first);
                var statement = connection.createStatement()) {
            statement.execute("create table t (a int)");
        }
        try (var connection = servers.connect(second);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select count(*) from pg_tables where schemaname = 'public'")) {
            rows.next();
            assertThat(rows.getInt(1)).isZero();
        }
    }

    @Test
    void theBrokerKeepsTopics() throws Exception {
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", Servers.shared().kafka()))) {
            admin.createTopics(List.of(new NewTopic("servers-test", 3, (short) 1)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
            var topic = admin.describeTopics(List.of("servers-test"))
                    .allTopicNames()
                    .get(20, TimeUnit.SECONDS)
                    .get("servers-test");
            assertThat(topic.partitions()).hasSize(3);
        }
    }

    @Test
    void quarkusIsToldWhereTheServersAre() {
        var settings = new LongshoreServers().start();
        assertThat(settings)
                .containsEntry("quarkus.datasource.jdbc.url", Servers.shared().jdbcUrl())
                .containsEntry("kafka.bootstrap.servers", Servers.shared().kafka())
                .containsKeys("quarkus.datasource.username", "quarkus.datasource.password");
    }

    @Test
    void aFreshDatabaseIsGivenOnRequest() {
        var resource = new LongshoreServers();
        resource.init(Map.of("database", "fresh"));
        assertThat(resource.start().get("quarkus.datasource.jdbc.url"))
                .isNotEqualTo(Servers.shared().jdbcUrl());
    }
}
