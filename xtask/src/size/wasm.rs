//! Reads from a WebAssembly module which function takes how many bytes, by the code and name sections.
//! It knows nothing of Rust's names.

use crate::{
    failure::Outcome,
    wasm::{self, CODE_SECTION, CUSTOM_SECTION, IMPORT_SECTION, Module, Reader},
};

/// A defined function: its name, where the name section has one, and the bytes of its body.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Function {
    pub(crate) name: Option<String>,
    pub(crate) bytes: u64,
}

const FUNCTION_NAMES: u8 = 1;

pub(crate) fn functions(module: &[u8]) -> Outcome<Vec<Function>> {
    read(&Module::read(module)?).ok_or_else(wasm::broken)
}

fn read(module: &Module<'_>) -> Option<Vec<Function>> {
    let mut imported = 0;
    let mut sizes = Vec::new();
    let mut names = Vec::new();
    for (id, mut section) in module.sections() {
        match id {
            IMPORT_SECTION => imported = imported_functions(&mut section)?,
            CODE_SECTION => {
                for _ in 0..section.number()? {
                    sizes.push(section.sized()?.0.len() as u64);
                }
            }
            CUSTOM_SECTION if section.text()? == "name" => names = function_names(&mut section)?,
            _ => {}
        }
    }
    let mut functions: Vec<_> = sizes.into_iter().map(|bytes| Function { name: None, bytes }).collect();
    // Imported functions come first in the numbering and have no body.
    for (index, name) in names {
        let defined = usize::try_from(index).ok()?.checked_sub(imported);
        if let Some(function) = defined.and_then(|index| functions.get_mut(index)) {
            function.name = Some(name);
        }
    }
    Some(functions)
}

fn imported_functions(section: &mut Reader<'_>) -> Option<usize> {
    let mut functions = 0;
    for _ in 0..section.number()? {
        section.text()?;
        section.text()?;
        functions += usize::from(section.imported()?);
    }
    Some(functions)
}

fn function_names(section: &mut Reader<'_>) -> Option<Vec<(u64, String)>> {
    let mut names = Vec::new();
    while !section.0.is_empty() {
        let id = section.byte()?;
        let mut part = section.sized()?;
        if id == FUNCTION_NAMES {
            for _ in 0..part.number()? {
                names.push((part.number()?, part.text()?.to_owned()));
            }
        }
    }
    Some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// (module (import "m" "f" (func)) (func $big nop) (func)), with the names of functions 0 and 1.
    const MODULE: &[u8] = b"\0asm\x01\0\0\0\
        \x01\x04\x01\x60\0\0\
        \x02\x07\x01\x01m\x01f\0\0\
        \x03\x03\x02\0\0\
        \x0a\x08\x02\x03\0\x01\x0b\x02\0\x0b\
        \0\x10\x04name\x01\x09\x02\0\x01i\x01\x03big";

    #[test]
    fn names_belong_to_bodies_and_skip_imports() {
        let big = Function { name: Some("big".to_owned()), bytes: 3 };
        let nameless = Function { name: None, bytes: 2 };
        assert_eq!(functions(MODULE).unwrap(), [big, nameless]);
    }

    #[test]
    fn a_module_cut_anywhere_inside_a_section_is_refused() {
        assert!(functions(&MODULE[..MODULE.len() - 1]).is_err());
        assert!(functions(b"<html>").is_err());
    }
}
