package dev.longshore.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

class AnswerReaderTest {
    private static final String PLAIN = "HTTP/1.1 202 Accepted\r\nContent-Length: 11\r\n\r\n{\"ok\":true}";
    private static final String CHUNKED =
            "HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"ok\"\r\n6;x=y\r\n:true}\r\n0\r\n\r\n";

    private final AnswerReader reader = new AnswerReader();

    @Test
    void anAnswerIsWholeWithItsLastByteAndNoSooner() {
        assertThat(piecewise(PLAIN)).isEqualTo(PLAIN.length());
        assertThat(reader.status()).isEqualTo(202);
        assertThat(reader.isLast()).isFalse();
    }

    @Test
    void chunksAreReadToTheLast() {
        assertThat(piecewise(CHUNKED)).isEqualTo(CHUNKED.length());
    }

    @Test
    void trailersBelongToTheAnswer() {
        String answer = CHUNKED.replace("0\r\n\r\n", "0\r\nX-Late: 1\r\n\r\n");

        assertThat(piecewise(answer)).isEqualTo(answer.length());
    }

    @Test
    void anAnswerWithoutLengthEndsWithItsConnection() {
        assertThat(reader.take(Buffer.buffer("HTTP/1.1 503 Busy\r\n\r\nlater"))).isFalse();

        assertThat(reader.close()).isTrue();
        assertThat(reader.status()).isEqualTo(503);
        assertThat(reader.isLast()).isTrue();
    }

    @Test
    void halfAnAnswerStaysHalfWhenItsConnectionEnds() {
        reader.take(Buffer.buffer(PLAIN.substring(0, PLAIN.length() - 1)));

        assertThat(reader.close()).isFalse();
    }

    @Test
    void interimAnswersAreSkipped() {
        assertThat(reader.take(Buffer.buffer("HTTP/1.1 100 Continue\r\n\r\n" + PLAIN)))
                .isTrue();

        assertThat(reader.status()).isEqualTo(202);
    }

    @Test
    void theNextAnswerIsReadAfresh() {
        reader.take(Buffer.buffer(PLAIN));
        reader.next();

        assertThat(reader.take(Buffer.buffer("HTTP/1.1 204 No Content\r\n\r\n")))
                .isTrue();
        assertThat(reader.status()).isEqualTo(204);
    }

    @Test
    void aServerThatWillCloseIsHeeded() {
        reader.take(Buffer.buffer(PLAIN.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")));

        assertThat(reader.isLast()).isTrue();
    }

    @Test
    void whatIsNoAnswerIsRefused() {
        assertThatThrownBy(() -> reader.take(Buffer.buffer("SSH-2.0-OpenSSH_9.6\r\n\r\n")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /// Gives it a byte at a time.
    ///
    /// @return after how many the answer was whole
    private int piecewise(String answer) {
        for (int i = 0; i < answer.length(); i++) {
            if (reader.take(Buffer.buffer(answer.substring(i, i + 1)))) {
                return i + 1;
            }
        }
        return -1;
    }
}
