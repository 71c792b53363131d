//! The firmware for the ESP32-C3: built, linked, and held against its budget of flash and memory.

mod elf;

use std::fs;

use anyhow::{Context as _, Result, ensure};

use crate::command;
use crate::tools::Tools;

/// The very numbers that the firmware obeys.
#[path = "../../../firmware/esp32c3/src/budget.rs"]
mod budget;

const PROGRAM: &str = "riscv32imc-unknown-none-elf/release/templog-esp32c3";
/// What an image may take of its 1.5 MB partition: the rest is for the years to come, bytes.
const MOST_FLASH: u64 = 1_200_000;
/// For the tasks of ours, all on one stack; the radio's bring their own from the heap, bytes.
const LEAST_STACK: u64 = 24 * 1024;

/// Builds the image and prints what it takes.
///
/// # Errors
/// If it does not compile or link, or is over budget.
pub fn build(tools: &Tools) -> Result<()> {
    // Beside the other builds, so that it survives between runs as they do.
    let target = tools.target_directory()?.join("firmware");
    let mut cargo = tools.cargo();
    cargo
        .args(["build", "--quiet", "--locked", "--release"])
        .current_dir(tools.workspace.root.join("firmware/esp32c3"))
        .env("CARGO_TARGET_DIR", &target);
    command::run(&mut cargo)?;
    let file = target.join(PROGRAM);
    let program = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let size = elf::size(&program).context("the linker wrote no 32-bit ELF file")?;
    println!("  {}", report(size));
    check(size)
}

fn report(size: elf::Size) -> String {
    let kilobytes = |bytes: u64| bytes.div_ceil(1024);
    format!(
        "image {} kB of {} kB · static RAM {} kB, {} kB of them heap · stack {} kB · heap free by arithmetic {} kB",
        kilobytes(size.flash),
        kilobytes(MOST_FLASH),
        kilobytes(size.ram),
        kilobytes(budget::HEAP as u64),
        kilobytes(size.stack),
        kilobytes(budget::FREE as u64),
    )
}

fn check(size: elf::Size) -> Result<()> {
    ensure!(
        size.flash <= MOST_FLASH,
        "the image takes {} bytes of flash, {MOST_FLASH} are allowed",
        size.flash
    );
    ensure!(
        size.ram >= budget::HEAP as u64,
        "the heap is not in the image: its size is not what the budget says"
    );
    ensure!(size.stack >= LEAST_STACK, "{} bytes are left for the stack", size.stack);
    ensure!(
        budget::FREE >= budget::LEAST_FREE,
        "{} bytes of heap are left, {} are needed",
        budget::FREE,
        budget::LEAST_FREE
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_over_budget_is_refused_and_one_within_is_not() {
        let within = elf::Size {
            flash: MOST_FLASH,
            ram: budget::HEAP as u64,
            stack: LEAST_STACK,
        };
        assert!(check(within).is_ok());
        assert!(
            check(elf::Size {
                flash: MOST_FLASH + 1,
                ..within
            })
            .is_err()
        );
        assert!(check(elf::Size { ram: 1, ..within }).is_err());
        assert!(check(elf::Size { stack: 1, ..within }).is_err());
        assert!(
            report(within).starts_with("image 1172 kB of 1172 kB"),
            "{}",
            report(within)
        );
    }
}
