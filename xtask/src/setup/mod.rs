//! Everything a fresh machine lacks, one step each: instant when it is there, installed when it is not.

mod cargo_tools;
mod debian;
mod node;
mod packages;
mod toolchain;

use anyhow::Result;

use crate::steps::Steps;
use crate::tools::Tools;
use cargo_tools::CargoTool;
pub use node::install_packages;
use toolchain::{BARE_METAL, WASM};

/// `cargo xtask set-up`: everything, and nothing else.
///
/// # Errors
/// As [`for_tests`].
pub fn run(mut tools: Tools) -> Result<()> {
    let mut steps = Steps::new();
    for_tests(&mut steps, &mut tools)?;
    steps.finish("set-up")
}

/// What it takes to build the server and the page.
///
/// # Errors
/// If something is missing and cannot be installed; the message says by which command it can.
pub fn for_build(steps: &mut Steps, tools: &mut Tools) -> Result<()> {
    for_checks(steps, tools)?;
    build_tools(steps, tools)
}

/// What it takes to run every test: the build's needs, services, and a browser. Returns the tools for bare metal,
/// which may be another compiler's.
///
/// # Errors
/// As [`for_build`].
pub fn for_tests(steps: &mut Steps, tools: &mut Tools) -> Result<Tools> {
    services(steps)?;
    for_checks(steps, tools)?;
    let mut bare_metal = tools.clone();
    steps.must("Rust compiler for bare metal", || {
        toolchain::ensure(&mut bare_metal, &BARE_METAL)
    })?;
    build_tools(steps, tools)?;
    steps.must("npm packages of the browser tests", || {
        node::install_packages(tools, "end2end")
    })?;
    let tool = CargoTool::deny();
    steps.must(&tool.title(), || tool.ensure(tools))?;
    Ok(bare_metal)
}

/// What measurements take: the build's needs and the services they start.
///
/// # Errors
/// As [`for_build`].
pub fn for_benches(steps: &mut Steps, tools: &mut Tools) -> Result<()> {
    services(steps)?;
    for_build(steps, tools)
}

/// Only the compiler, for the fast loop.
///
/// # Errors
/// As [`for_build`].
pub fn for_checks(steps: &mut Steps, tools: &mut Tools) -> Result<()> {
    steps.must("Rust compiler for this machine and the browser", || {
        toolchain::ensure(tools, &WASM)
    })
}

fn services(steps: &mut Steps) -> Result<()> {
    steps.must("Debian packages: brokers, a database, a browser", packages::ensure)
}

fn build_tools(steps: &mut Steps, tools: &Tools) -> Result<()> {
    for tool in [CargoTool::leptos(), CargoTool::wasm_bindgen(&tools.workspace)?] {
        steps.must(&tool.title(), || tool.ensure(tools))?;
    }
    steps.must("wasm-opt: makes the WebAssembly small", || node::ensure_wasm_opt(tools))?;
    steps.must("ECharts: the charts of the page", || node::ensure_echarts(tools))
}
