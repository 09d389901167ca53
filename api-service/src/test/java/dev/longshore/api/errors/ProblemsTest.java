package dev.longshore.api.errors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.problem.ProblemCode;
import jakarta.persistence.PersistenceException;
import java.sql.SQLException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class ProblemsTest {
    @Test
    void aDatabaseThatIsAwayIsToldWhateverTheFailureIsWrappedIn() {
        SQLException away = new SQLException("the connection was refused", "08001");

        assertThat(Problems.of(away).code()).isEqualTo(ProblemCode.UNAVAILABLE);
        assertThat(Problems.of(new CompletionException(away)).code()).isEqualTo(ProblemCode.UNAVAILABLE);
        assertThat(Problems.of(new PersistenceException(away)).code()).isEqualTo(ProblemCode.UNAVAILABLE);
    }

    @Test
    void whatIsWrongWithAStatementIsOurFault() {
        SQLException wrong = new SQLException("syntax error", "42601");

        assertThat(Problems.of(wrong).code()).isEqualTo(ProblemCode.INTERNAL);
        assertThat(Problems.of(new PersistenceException(wrong)).code()).isEqualTo(ProblemCode.INTERNAL);
        assertThat(Problems.of(new PersistenceException("no cause")).code()).isEqualTo(ProblemCode.INTERNAL);
    }
}
