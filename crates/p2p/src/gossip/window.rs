const WORDS: usize = 16;
const BITS: u64 = WORDS as u64 * 64;

/// Which counters of one origin were heard: exact for the last 1,024 up to the highest.
///
/// Messages overtake each other, so the highest alone would lose payments. Older counters count as heard.
#[derive(Debug, Clone)]
pub(super) struct Window {
    highest: u64,
    /// Bit `counter % BITS` is set if that counter was heard.
    heard: [u64; WORDS],
}

impl Window {
    /// A window in which nothing was heard, of an origin whose first known message has this counter.
    pub(super) fn starting_at(counter: u64) -> Self {
        Self { highest: counter, heard: [0; WORDS] }
    }

    /// Whether a counter was heard before, or lies too far back to tell.
    pub(super) fn has_heard(&self, counter: u64) -> bool {
        let (word, bit) = bit_of(counter);
        counter <= self.highest && (self.highest - counter >= BITS || self.heard[word] & bit != 0)
    }

    /// Notes a counter.
    pub(super) fn hear(&mut self, counter: u64) {
        if counter > self.highest {
            self.advance_to(counter);
        }
        if self.highest - counter < BITS {
            let (word, bit) = bit_of(counter);
            self.heard[word] |= bit;
        }
    }

    fn advance_to(&mut self, counter: u64) {
        if counter - self.highest >= BITS {
            self.heard = [0; WORDS];
        } else {
            for passed in self.highest + 1..=counter {
                let (word, bit) = bit_of(passed);
                self.heard[word] &= !bit;
            }
        }
        self.highest = counter;
    }
}

fn bit_of(counter: u64) -> (usize, u64) {
    let at = counter % BITS;
    ((at / 64) as usize, 1 << (at % 64))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Records a counter. Returns whether it is new.
    fn is_new(window: &mut Window, counter: u64) -> bool {
        let new = !window.has_heard(counter);
        window.hear(counter);
        new
    }

    #[test]
    fn counters_that_overtake_each_other_are_all_heard_once() {
        let mut window = Window::starting_at(100);
        assert!([100, 103, 101, 102, 99].iter().all(|&counter| is_new(&mut window, counter)));
        assert!([100, 103, 101, 102, 99].iter().all(|&counter| !is_new(&mut window, counter)));
    }

    #[test]
    fn counters_beyond_the_window_count_as_heard() {
        let window = Window::starting_at(5_000);
        assert!(!window.has_heard(5_000 - BITS + 1));
        assert!(window.has_heard(5_000 - BITS));
        assert!(window.has_heard(0));
    }

    #[test]
    fn counter_beyond_the_window_does_not_count_for_a_later_one() {
        let mut window = Window::starting_at(5_000);
        window.hear(5_000 - BITS);
        assert!(!window.has_heard(5_000));
    }

    #[test]
    fn jump_forgets_the_counters_in_the_window() {
        let mut window = Window::starting_at(0);
        let mut new = |counter| is_new(&mut window, counter);
        assert!(new(0) && new(u64::MAX) && new(u64::MAX - 1) && !new(u64::MAX));
    }

    #[test]
    fn window_agrees_with_a_set() {
        let (mut window, mut set, mut highest) = (Window::starting_at(0), HashSet::new(), 0);
        let mut state = 1u64;
        for _ in 0..20_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let counter = (highest + (state >> 33) % 64).saturating_sub((state >> 40) % 1_500);
            let near = highest < BITS + counter;
            assert_eq!(is_new(&mut window, counter), near && set.insert(counter), "{counter}, {highest}");
            highest = highest.max(counter);
        }
    }
}
