//! Reads from a WebAssembly module which function takes how many bytes, by the code and name sections.
//! It knows the binary format and nothing of Rust's names.

use crate::failure::{Failure, Outcome};

/// A defined function: its name, where the name section has one, and the bytes of its body.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Function {
    pub(crate) name: Option<String>,
    pub(crate) bytes: u64,
}

const CUSTOM_SECTION: u8 = 0;
const IMPORT_SECTION: u8 = 2;
const CODE_SECTION: u8 = 10;
const FUNCTION_NAMES: u8 = 1;

pub(crate) fn functions(module: &[u8]) -> Outcome<Vec<Function>> {
    read(module).ok_or_else(|| Failure::new("this is no WebAssembly module, or one cut short"))
}

fn read(module: &[u8]) -> Option<Vec<Function>> {
    let mut reader = Reader(module.strip_prefix(b"\0asm\x01\0\0\0")?);
    let mut imported = 0;
    let mut sizes = Vec::new();
    let mut names = Vec::new();
    while !reader.0.is_empty() {
        let id = reader.byte()?;
        let mut section = reader.sized()?;
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
        match section.byte()? {
            0x00 => {
                section.number()?;
                functions += 1;
            }
            0x01 => {
                section.byte()?;
                section.limits()?;
            }
            0x02 => section.limits()?,
            0x03 => {
                section.byte()?;
                section.byte()?;
            }
            0x04 => {
                section.byte()?;
                section.number()?;
            }
            _ => return None,
        }
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

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// An unsigned LEB128 number.
    fn number(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    /// What follows its own length.
    fn sized(&mut self) -> Option<Reader<'a>> {
        let length = usize::try_from(self.number()?).ok()?;
        let (part, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(Reader(part))
    }

    fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.sized()?.0).ok()
    }

    fn limits(&mut self) -> Option<()> {
        let has_maximum = self.byte()? & 1 == 1;
        self.number()?;
        if has_maximum {
            self.number()?;
        }
        Some(())
    }
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
