//! Turns `locales/*.json` into the module `i18n`, so that a misspelt key stops the build.

use std::error::Error;
use std::path::PathBuf;

use leptos_i18n_build::options::CodegenOptions;
use leptos_i18n_build::{Config, ParseOptions, TranslationsInfos};

/// The generated code is nobody's to read.
const GENERATED: &str = "#![allow(dead_code, missing_docs, unused_imports, \
                         clippy::allow_attributes, clippy::pedantic)]";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let options = ParseOptions::new().interpolate_display(true);
    let config = Config::new("ko")?.add_locale("en")?.parse_options(options);
    let translations = TranslationsInfos::parse(config)?;
    translations.emit_diagnostics();
    translations.rerun_if_locales_changed();
    let module_dir = PathBuf::from(std::env::var("OUT_DIR")?).join("i18n");
    let options = CodegenOptions::new()
        .top_level_attributes(Some(GENERATED.parse()?))
        .gen_docs(false);
    translations.generate_i18n_module_with_options(module_dir, options)?;
    Ok(())
}
