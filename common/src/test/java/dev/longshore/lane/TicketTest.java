package dev.longshore.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TicketTest {
    @Test
    void aTicketIsReadAsItWasWritten() {
        Random random = new Random(3);
        for (int i = 0; i < 1_000; i++) {
            Ticket ticket = new Ticket(new UUID(random.nextLong(), random.nextLong()));

            assertThat(Ticket.read(ticket.bytes())).contains(ticket);
            assertThat(ticket.bytes()).hasSize(17).startsWith(Ticket.VERSION);
        }
    }

    @Test
    void theLayoutOnTheWireIsFixed() {
        byte[] bytes = new Ticket(UUID.fromString("01020304-0506-0708-090a-0b0c0d0e0f10")).bytes();

        assertThat(bytes).containsExactly(1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
    }

    @Test
    void garbageIsNoTicket() {
        byte[] good = new Ticket(new UUID(1, 2)).bytes();
        byte[] otherVersion = good.clone();
        otherVersion[0] = Ticket.VERSION + 1;

        assertThat(Ticket.read(new byte[0])).isEmpty();
        assertThat(Ticket.read(Arrays.copyOf(good, 16))).isEmpty();
        assertThat(Ticket.read(Arrays.copyOf(good, 18))).isEmpty();
        assertThat(Ticket.read(otherVersion)).isEmpty();
        assertThat(Ticket.read("{\"job_id\":\"job_1\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isEmpty();
    }

    @Test
    void laneNamesArePartOfTheContract() {
        assertThat(Lane.values()).extracting(Lane::word).containsExactly("interactive", "standard", "batch");
        assertThat(Lane.STANDARD.topic()).isEqualTo("lane.standard");
        assertThat(Lane.STANDARD.deadLetterTopic()).isEqualTo("lane.standard.unreadable");
        assertThat(Lane.STANDARD.group()).isEqualTo("longshore.workers.standard");
        for (Lane lane : Lane.values()) {
            assertThat(Lane.of(lane.word())).contains(lane);
        }
        assertThat(Lane.of("STANDARD")).isEmpty();
        assertThat(Lane.of("")).isEmpty();
    }
}
