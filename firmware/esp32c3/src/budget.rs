//! What the memory is for. The board obeys these numbers, and the build adds them up and refuses what is too much.

/// Bytes for everything that is allocated, beside the other program's.
pub const HEAP: usize = 184 * 1024;
/// The second-stage bootloader's memory, free once it has done its work.
pub const RECLAIMED: usize = 64 * 1024;
/// The most the radio takes: its static and dynamic buffers at their limits and the driver's own tasks. Espressif's
/// figure for a station with default buffers; not yet measured on a board of ours.
pub const RADIO: usize = 72 * 1024;
/// Readings kept in RAM: a day of minutes.
pub const READINGS: usize = 1_440;
/// One of them.
pub const READING: usize = 32;
/// Readings in a message.
pub const BATCH: usize = 64;
/// A message while it is put together and sent: values, JSON, and the packet around it, each with room for every extra.
pub const MESSAGE: usize = BATCH * 3 * 128;
/// TCP's windows and the largest packet that is taken.
pub const SOCKETS: usize = (2 + 4 + 4) * 1024;

/// Of the heap, what nobody has spoken for.
pub const FREE: usize = HEAP + RECLAIMED - RADIO - READINGS * READING - MESSAGE - SOCKETS;
/// Less than this and a busy network fragments the heap until an allocation fails.
pub const LEAST_FREE: usize = 96 * 1024;
const _: () = assert!(FREE >= LEAST_FREE, "the heap is too full");
