//! Reads the parts that WebAssembly's binary format is made of. `None` is a module cut short, everywhere.

#[derive(Debug)]
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// An unsigned LEB128 number.
    pub(crate) fn number(&mut self) -> Option<u64> {
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
    pub(crate) fn sized(&mut self) -> Option<Reader<'a>> {
        let length = usize::try_from(self.number()?).ok()?;
        let (part, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(Reader(part))
    }

    pub(crate) fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.sized()?.0).ok()
    }

    /// The bytes that `read` goes over.
    pub(crate) fn taken<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<&'a [u8]> {
        let before = self.0;
        read(self)?;
        before.get(..before.len() - self.0.len())
    }

    /// What an import is, without its names; whether a function.
    pub(crate) fn imported(&mut self) -> Option<bool> {
        let kind = self.byte()?;
        match kind {
            0x00 => {
                self.number()?;
            }
            0x01 => {
                self.byte()?;
                self.limits()?;
            }
            0x02 => self.limits()?,
            0x03 => {
                self.byte()?;
                self.byte()?;
            }
            0x04 => {
                self.byte()?;
                self.number()?;
            }
            _ => return None,
        }
        Some(kind == 0)
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
