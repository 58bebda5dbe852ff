//! Chance that follows from a seed: the same seed throws the same dice on every machine.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

/// A source of repeatable chance.
pub struct Dice(ChaCha8Rng);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.0.next_u32() % (high - low + 1)
    }

    /// True in `percent` of a hundred throws.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of the choices; an empty list is a mistake of the caller and gives the default.
    pub fn pick<T: Copy + Default>(&mut self, choices: &[T]) -> T {
        let last = u32::try_from(choices.len()).unwrap_or(1).saturating_sub(1);
        choices.get(self.between(0, last) as usize).copied().unwrap_or_default()
    }

    /// One of the choices, of which there is at least one.
    pub fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        let last = u32::try_from(choices.len()).unwrap_or(1).saturating_sub(1);
        choices[self.between(0, last) as usize]
    }

    /// One of a table of choices with their thousandths; none for what is left of a thousand.
    pub fn by_thousandths<T: Copy>(&mut self, table: &[(T, u32)]) -> Option<T> {
        let mut left = self.between(1, 1000);
        for (choice, share) in table {
            if left <= *share {
                return Some(*choice);
            }
            left -= share;
        }
        None
    }
}
