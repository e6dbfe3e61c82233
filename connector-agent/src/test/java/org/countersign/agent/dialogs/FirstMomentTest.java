package org.countersign.agent.dialogs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FirstMomentTest {

    @Test
    void a_click_that_was_meant_for_something_else_is_no_yes() {
        var moment = new FirstMoment(10_000);
        // It waited until the window was there.
        assertThat(moment.isOver(9_990)).isFalse();
        assertThat(moment.isOver(10_000)).isFalse();
        assertThat(moment.isOver(10_699)).isFalse();
        assertThat(moment.isOver(10_700)).isTrue();
        moment.begin(20_000);
        assertThat(moment.isOver(20_300)).isFalse();
        assertThat(moment.isOver(21_000)).isTrue();
    }
}
