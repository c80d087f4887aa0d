//! Generates the message types from the ASN.1 modules that the registry package `c-its-parser` carries.

use cargo_metadata::MetadataCommand;
use rasn_compiler::OutputMode;
use rasn_compiler::prelude::*;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// What the compiler writes for `ConstraintWrappedCpmContainers`, and what the standard means.
///
/// `ConstraintWrappedCpmContainers ::= WrappedCpmContainers ((WITH COMPONENT ...) | (WITH COMPONENT ...))` constrains
/// an extensible type a second time, which drops its extension marker (X.680): the length has no extension bit. The
/// compiler keeps it, and every bit behind it would be off by one for any other decoder.
const WRONG: &str =
    "# [rasn (delegate)] pub struct ConstraintWrappedCpmContainers (pub WrappedCpmContainers) ;";
const RIGHT: &str = "# [rasn (delegate , size (\"1..=8\"))] pub struct ConstraintWrappedCpmContainers (pub SequenceOf < WrappedCpmContainer >) ;";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let modules = asn1_folder()?;
    let out = PathBuf::from(env::var("OUT_DIR")?).join("cpm.rs");
    let sources = ["cdd_2_2_1.asn", "cpm_2_1_1.asn"].map(|name| modules.join(name));
    Compiler::<RasnBackend, _>::new_with_config(RasnConfig::default())
        .add_asn_sources_by_path(sources.iter())
        .set_output_mode(OutputMode::SingleFile(out.clone()))
        .compile()
        .map_err(|e| format!("the ASN.1 compiler: {e}"))?;
    let text = fs::read_to_string(&out)?;
    fs::write(&out, corrected(&text)?)?;
    Ok(())
}

/// Puts the one correction in, whatever the white space.
fn corrected(text: &str) -> Result<String, Box<dyn Error>> {
    let squeezed = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    if text.matches(WRONG).count() == 1 {
        return Ok(text.replace(WRONG, RIGHT));
    }
    // The same text laid out by a formatter.
    let start = text
        .find("pub struct ConstraintWrappedCpmContainers")
        .ok_or("ConstraintWrappedCpmContainers is not in the generated text")?;
    let from = text[..start].rfind('#').ok_or("its attribute is missing")?;
    let end = start + text[start..].find(';').ok_or("its end is missing")? + 1;
    if squeezed(&text[from..end]).replace(",)", ")") != squeezed(WRONG) {
        return Err(format!(
            "expected `{WRONG}`, found `{}`: look at the correction again",
            &text[from..end]
        )
        .into());
    }
    Ok(format!("{}{RIGHT}{}", &text[..from], &text[end..]))
}

/// The folder of ASN.1 modules in the package's source.
fn asn1_folder() -> Result<PathBuf, Box<dyn Error>> {
    let host = env::var("HOST")?;
    let manifest = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("Cargo.toml");
    let metadata = MetadataCommand::new()
        .manifest_path(manifest)
        .other_options(["--locked".to_owned(), "--filter-platform".to_owned(), host])
        .exec()?;
    let package = metadata.packages.iter().find(|p| p.name.as_str() == "c-its-parser");
    let package = package.ok_or("c-its-parser is not among the build dependencies")?;
    let folder = package.manifest_path.parent().ok_or("c-its-parser has no folder")?.join("autogen/asn.1");
    Ok(folder.into_std_path_buf())
}
