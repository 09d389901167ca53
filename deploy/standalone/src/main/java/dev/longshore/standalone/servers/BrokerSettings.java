package dev.longshore.standalone.servers;

import java.nio.file.Path;
import java.util.Properties;

/// One node of a Kafka cluster, broker and controller at once.
///
/// @param nodeId its number, unique in the cluster
/// @param port where clients connect, on the loopback address
/// @param controllerPort where the nodes vote
/// @param voters every node with its controller's address, as Kafka writes it: `1@127.0.0.1:9093,2@127.0.0.1:9095`
/// @param data where its records live; made when it is absent
public record BrokerSettings(int nodeId, int port, int controllerPort, String voters, Path data) {
    /// A cluster of one.
    public static BrokerSettings alone(int port, int controllerPort, Path data) {
        return new BrokerSettings(1, port, controllerPort, "1@127.0.0.1:" + controllerPort, data);
    }

    Properties properties() {
        int nodes = voters.split(",").length;
        int copies = Math.min(3, nodes);
        int needed = copies == 3 ? 2 : 1;
        var p = new Properties();
        p.setProperty("process.roles", "broker,controller");
        p.setProperty("node.id", Integer.toString(nodeId));
        p.setProperty("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        p.setProperty("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        p.setProperty("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT");
        p.setProperty("controller.listener.names", "CONTROLLER");
        p.setProperty("controller.quorum.voters", voters);
        p.setProperty("log.dirs", data.toString());
        p.setProperty("default.replication.factor", Integer.toString(copies));
        p.setProperty("min.insync.replicas", Integer.toString(needed));
        for (String log : new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            p.setProperty(log + ".replication.factor", Integer.toString(copies));
            p.setProperty(log + ".num.partitions", "4");
        }
        p.setProperty("transaction.state.log.min.isr", Integer.toString(needed));
        p.setProperty("share.coordinator.state.topic.min.isr", Integer.toString(needed));
        p.setProperty("group.initial.rebalance.delay.ms", "0");
        // A topic that is made by a misspelt name hides the mistake.
        p.setProperty("auto.create.topics.enable", "false");
        // The default is 128 MiB of heap, for compacted topics far larger than ours.
        p.setProperty("log.cleaner.dedupe.buffer.size", "4194304");
        // With the default of 9 s a broker that was killed would be refused that long when it comes back.
        p.setProperty("broker.session.timeout.ms", "2000");
        p.setProperty("broker.heartbeat.interval.ms", "250");
        p.setProperty("controller.quorum.election.timeout.ms", "200");
        p.setProperty("controller.quorum.election.backoff.max.ms", "200");
        p.setProperty("controller.quorum.fetch.timeout.ms", "1000");
        return p;
    }
}
