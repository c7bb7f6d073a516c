//! A WebAssembly module as a list of sections: what it takes from outside and what it offers, read and written
//! anew under other names. It knows the binary format and nothing of what a module does.

mod reader;

use crate::failure::{Failure, Outcome};
pub(crate) use reader::Reader;

const HEAD: &[u8] = b"\0asm\x01\0\0\0";

pub(crate) const CUSTOM_SECTION: u8 = 0;
pub(crate) const IMPORT_SECTION: u8 = 2;
const EXPORT_SECTION: u8 = 7;
pub(crate) const CODE_SECTION: u8 = 10;

/// A module, by sections.
#[derive(Debug)]
pub(crate) struct Module<'a> {
    sections: Vec<(u8, Reader<'a>)>,
}

impl<'a> Module<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Outcome<Self> {
        let read = || {
            let mut reader = Reader(bytes.strip_prefix(HEAD)?);
            let mut sections = Vec::new();
            while !reader.0.is_empty() {
                sections.push((reader.byte()?, reader.sized()?));
            }
            Some(Self { sections })
        };
        read().ok_or_else(broken)
    }

    /// Each section: what it is, and its content.
    pub(crate) fn sections(&self) -> impl Iterator<Item = (u8, Reader<'a>)> {
        self.sections.iter().map(|(id, content)| (*id, Reader(content.0)))
    }

    /// The names of what is taken from outside.
    pub(crate) fn imports(&self) -> Outcome<Vec<String>> {
        self.listed(IMPORT_SECTION, import)
    }

    /// The names of what is offered.
    #[cfg(test)]
    fn exports(&self) -> Outcome<Vec<String>> {
        self.listed(EXPORT_SECTION, export)
    }

    fn listed(&self, section: u8, item: fn(&mut Reader<'a>) -> Option<Item<'a>>) -> Outcome<Vec<String>> {
        let mut names = Vec::new();
        for (_, content) in self.sections().filter(|(id, _)| *id == section) {
            names.extend(items(content, item)?.into_iter().map(|item| item.name.to_owned()));
        }
        Ok(names)
    }

    /// The same module, which takes everything from `module` and offers less: `name` says what is called how,
    /// and of what is offered, what falls away.
    pub(crate) fn renamed<'b>(
        &self,
        module: Option<&'b str>,
        name: impl Fn(&'b str) -> Option<&'b str>,
    ) -> Outcome<Vec<u8>>
    where
        'a: 'b,
    {
        let mut bytes = HEAD.to_vec();
        for (id, content) in self.sections() {
            let content = match id {
                IMPORT_SECTION => list(items(content, import)?.into_iter().map(|mut item| {
                    item.module = item.module.map(|old| module.unwrap_or(old));
                    item.name = name(item.name).unwrap_or(item.name);
                    item
                })),
                EXPORT_SECTION => list(items(content, export)?.into_iter().filter_map(|mut item| {
                    item.name = name(item.name)?;
                    Some(item)
                })),
                _ => content.0.to_vec(),
            };
            bytes.push(id);
            number(&mut bytes, content.len());
            bytes.extend(content);
        }
        Ok(bytes)
    }
}

/// Something taken or offered.
struct Item<'a> {
    /// From where, where it is taken.
    module: Option<&'a str>,
    name: &'a str,
    /// What it is.
    what: &'a [u8],
}

fn items<'a>(
    mut section: Reader<'a>,
    item: fn(&mut Reader<'a>) -> Option<Item<'a>>,
) -> Outcome<Vec<Item<'a>>> {
    let mut read = || (0..section.number()?).map(|_| item(&mut section)).collect::<Option<Vec<_>>>();
    read().ok_or_else(broken)
}

fn import<'a>(section: &mut Reader<'a>) -> Option<Item<'a>> {
    let (module, name) = (Some(section.text()?), section.text()?);
    let what = section.taken(Reader::imported)?;
    Some(Item { module, name, what })
}

fn export<'a>(section: &mut Reader<'a>) -> Option<Item<'a>> {
    let name = section.text()?;
    let what = section.taken(|reader| {
        reader.byte()?;
        reader.number()
    })?;
    Some(Item { module: None, name, what })
}

fn list<'a>(items: impl Iterator<Item = Item<'a>>) -> Vec<u8> {
    let (mut count, mut content) = (0, Vec::new());
    for item in items {
        for text in item.module.into_iter().chain([item.name]) {
            number(&mut content, text.len());
            content.extend(text.as_bytes());
        }
        content.extend(item.what);
        count += 1;
    }
    let mut section = Vec::new();
    number(&mut section, count);
    section.extend(content);
    section
}

/// An unsigned LEB128 number.
fn number(bytes: &mut Vec<u8>, mut value: usize) {
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            return bytes.push(low);
        }
        bytes.push(low | 0x80);
    }
}

pub(crate) fn broken() -> Failure {
    Failure::new("this is no WebAssembly module, or one cut short")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// (module (import "m" "f" (func)) (import "m" "g" (global i32)) (func (export "a") (export "b") nop))
    const MODULE: &[u8] = b"\0asm\x01\0\0\0\
        \x01\x04\x01\x60\0\0\
        \x02\x0e\x02\x01m\x01f\0\0\x01m\x01g\x03\x7f\0\
        \x03\x02\x01\0\
        \x07\x09\x02\x01a\0\x01\x01b\0\x01\
        \x0a\x05\x01\x03\0\x01\x0b";

    #[test]
    fn what_is_taken_and_offered_is_named() {
        let module = Module::read(MODULE).unwrap();
        assert_eq!(module.imports().unwrap(), ["f", "g"]);
        assert_eq!(module.exports().unwrap(), ["a", "b"]);
    }

    #[test]
    fn the_same_names_give_the_same_bytes() {
        assert_eq!(Module::read(MODULE).unwrap().renamed(None, Some).unwrap(), MODULE);
    }

    #[test]
    fn other_names_change_nothing_else_and_what_has_none_is_offered_no_more() {
        let name = |old| match old {
            "f" => Some("a-name-of-more-than-one-letter"),
            "b" => None,
            kept => Some(kept),
        };
        let bytes = Module::read(MODULE).unwrap().renamed(Some("n"), name).unwrap();
        let module = Module::read(&bytes).unwrap();
        assert_eq!(module.imports().unwrap(), ["a-name-of-more-than-one-letter", "g"]);
        assert_eq!(module.exports().unwrap(), ["a"]);
        assert!(bytes.ends_with(b"\x0a\x05\x01\x03\0\x01\x0b"));
    }

    #[test]
    fn what_is_no_module_is_refused() {
        assert!(Module::read(b"<html>").is_err());
        assert!(Module::read(&MODULE[..MODULE.len() - 1]).is_err());
        let cut = b"\0asm\x01\0\0\0\x02\x03\x02\x01m";
        assert!(Module::read(cut).unwrap().imports().is_err());
    }

    #[test]
    fn numbers_take_as_many_bytes_as_they_need() {
        for value in [0, 127, 128, 16_383, 16_384, 1 << 20] {
            let mut bytes = Vec::new();
            number(&mut bytes, value);
            assert_eq!(Reader(&bytes).number(), Some(value as u64));
        }
    }
}
