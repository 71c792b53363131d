//! Nonsense by the hundred thousand, through both doors: the good readings in between are all stored, nobody is
//! thrown out for talking nonsense, and nothing comes round in circles.
//!
//! `TEMPLOG_FUZZ_MESSAGES` sets how many, `TEMPLOG_FUZZ_SEED` repeats a run.

mod garbage;
mod talkers;
mod through_the_doors;
