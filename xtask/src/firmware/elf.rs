//! How much an ELF file takes of a chip (System V ABI, chapter 4: section headers).

/// Bytes of each memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// What is written to flash: code, constants, and the initial values of variables.
    pub flash: u64,
    /// What is in RAM from the beginning: variables, and code that may not wait for the flash.
    pub ram: u64,
    /// What the linker has left for the stack.
    pub stack: u64,
}

const MAGIC: [u8; 5] = *b"\x7fELF\x01";
/// In the file's header: where the section headers are, how many, and which of them holds the names.
const SECTION_TABLE: usize = 0x20;
const SECTION_COUNT: usize = 0x30;
const SECTION_NAMES: usize = 0x32;
const SECTION_BYTES: usize = 40;
/// In a section's header.
const NAME: usize = 0;
const TYPE: usize = 4;
const FLAGS: usize = 8;
const ADDRESS: usize = 12;
const OFFSET: usize = 16;
const BYTES: usize = 20;
const PROGBITS: u32 = 1;
const ALLOC: u32 = 2;
/// The ESP32-C3's RAM as data (technical reference manual, table 3-3). The same RAM seen as code is kept free on this
/// side by a section of its own, so that everything is counted once.
const RAM: std::ops::Range<u32> = 0x3fc8_0000..0x3fce_0000;
/// All that is left becomes stack.
const STACK: &[u8] = b".stack\0";
/// The bootloader's memory, which the linker script hands out after everything else.
const RECLAIMED: &[u8] = b".dram2_uninit\0";

/// Adds up the sections; `None` if this is no such file.
pub fn size(file: &[u8]) -> Option<Size> {
    if file.get(..5)? != MAGIC {
        return None;
    }
    let table = usize::try_from(word(file, SECTION_TABLE)?).ok()?;
    let section = |i: u16| file.get(table + usize::from(i) * SECTION_BYTES..);
    let names = usize::try_from(word(section(half(file, SECTION_NAMES)?)?, OFFSET)?).ok()?;
    let mut size = Size::default();
    for i in 0..half(file, SECTION_COUNT)? {
        let section = section(i)?;
        let (kind, address) = (word(section, TYPE)?, word(section, ADDRESS)?);
        let bytes = u64::from(word(section, BYTES)?);
        if word(section, FLAGS)? & ALLOC == 0 {
            continue;
        }
        if kind == PROGBITS {
            size.flash += bytes;
        }
        let name = file.get(names + usize::try_from(word(section, NAME)?).ok()?..)?;
        if name.starts_with(STACK) {
            size.stack += bytes;
        } else if RAM.contains(&address) && !name.starts_with(RECLAIMED) {
            size.ram += bytes;
        }
    }
    Some(size)
}

fn half(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOBITS: u32 = 8;
    const NAMES: &[u8] = b"\0.stack\0.dram2_uninit\0";

    /// A file of nothing but section headers (name, type, flags, address, size) and names.
    fn file(sections: &[[u32; 5]]) -> Vec<u8> {
        let count = u8::try_from(sections.len()).unwrap() + 1;
        let mut file = vec![0; 52];
        file[..5].copy_from_slice(&MAGIC);
        file[SECTION_TABLE] = 52;
        (file[SECTION_COUNT], file[SECTION_NAMES]) = (count, count - 1);
        let names_at = 52 + u32::from(count) * 40;
        for [name, kind, flags, address, bytes] in sections {
            let words = [*name, *kind, *flags, *address, 0, *bytes, 0, 0, 0, 0];
            file.extend(words.iter().flat_map(|word| word.to_le_bytes()));
        }
        let words = [0, 3, 0, 0, names_at, 0, 0, 0, 0, 0];
        file.extend(words.iter().flat_map(|word| word.to_le_bytes()));
        file.extend(NAMES);
        file
    }

    #[test]
    fn flash_memory_and_stack_are_told_apart() {
        let sections = [
            [0, PROGBITS, ALLOC, 0x4200_0020, 1000],
            [0, PROGBITS, ALLOC, 0x3c00_0000, 200],
            [0, PROGBITS, ALLOC, 0x3fc8_1000, 30],
            [0, PROGBITS, ALLOC, 0x4038_0000, 4],
            [0, NOBITS, ALLOC, 0x3fc8_0000, 4],
            [0, NOBITS, ALLOC, 0x3fc9_0000, 5000],
            [1, NOBITS, ALLOC, 0x3fcb_0000, 777],
            [8, NOBITS, ALLOC, 0x3fcd_0000, 65_536],
            [0, PROGBITS, 0, 0, 99_999],
        ];
        let expected = Size {
            flash: 1234,
            ram: 5034,
            stack: 777,
        };
        assert_eq!(size(&file(&sections)), Some(expected));
    }

    #[test]
    fn what_is_no_such_file_has_no_size() {
        assert_eq!(size(b""), None);
        assert_eq!(size(b"MZ the wrong kind of program"), None);
        assert_eq!(size(&file(&[[0, PROGBITS, ALLOC, 0, 1]])[..80]), None);
    }
}
