package dev.longshore.worker.provider.contract;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/// A test class with a simulator of its own, which remembers nothing from one test to the next.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OnPaper {
    PaperCalls paper;

    @BeforeAll
    void start() {
        paper = new PaperCalls();
    }

    @AfterAll
    void stop() {
        paper.close();
    }

    @BeforeEach
    void afresh() {
        paper.startAfresh();
    }
}
