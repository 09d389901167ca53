package dev.longshore.simulator;

import dev.longshore.simulator.Directives.Directive;
import dev.longshore.simulator.tongue.Ask;
import dev.longshore.simulator.tongue.BadAsk;
import org.jspecify.annotations.Nullable;

/// What one call is to be given: the behaviour and the fault that the script, and above it the prompt, decided on.
record Part(Behaviour behaviour, @Nullable Fault fault) {

    static Part of(Ask<?> ask, ModelStage stage, long number, RepeatCounts repeats) throws BadAsk {
        Behaviour behaviour = stage.behaviour();
        Fault ordered = null;
        int index = 0;
        for (Directive directive : Directives.read(ask.text())) {
            index++;
            if (directive.fault() != null && ordered != null) {
                // Its turn comes when the one before it has been used up.
                continue;
            }
            if (directive.times() == 0 || repeats.next(ask.promptHash() + index) <= directive.times()) {
                behaviour = Behaviour.over(directive.overlay(), behaviour);
                ordered = directive.fault() == null ? ordered : directive.fault();
            }
        }
        return new Part(behaviour, ordered == null ? stage.faultFor(number, ask.text()) : ordered);
    }
}
