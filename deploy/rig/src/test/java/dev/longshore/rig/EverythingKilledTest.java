package dev.longshore.rig;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `kill -9` of everything at once under load, as when a machine loses its power.
@Timeout(120)
class EverythingKilledTest extends Broken {
    @Test
    void whatWasPromisedBeforeIsDoneAfterwards() {
        cluster.simulator().script(taking(200));
        Client client = cluster.client();
        Service api = cluster.api(1);
        var load = new Load(client, () -> api, i -> Client.chat("standard", "before the lights went out " + i));
        var submitted = load.submit(300, 8);
        eventually("there is load", () -> load.promised() >= 150 && openCalls() > 0);

        api.process().kill();
        cluster.database().kill();
        cluster.broker().kill();
        cluster.worker(1).process().kill();
        Set<String> promised = client.promised();
        cluster.mend();
        submitted.join();

        assertThat(promised).hasSizeGreaterThanOrEqualTo(150);
        assertThat(client.promised()).hasSize(300).containsAll(promised);
        eventually("everything ends", () -> cluster.areOver(client.promised()));
        assertThat(cluster.audit().violations(client.promised())).isEmpty();
    }
}
