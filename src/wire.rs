//! Reads a view by the browser's own JSON parser, which is there already; serde_json would be a fifth of
//! the widget. Knows the few shapes that views are made of and refuses every other.

use js_sys::{Array, JSON, Reflect};
use leptos::wasm_bindgen::{JsCast as _, JsValue};
use serde::de::value::U32Deserializer;
use serde::de::{self, DeserializeOwned, DeserializeSeed, EnumAccess, IntoDeserializer, SeqAccess, Visitor};

/// A text that is no such value. Says no more, because nobody could do anything about it.
#[derive(Debug)]
pub(crate) struct Unreadable;

/// Reads `text`.
///
/// # Errors
/// [`Unreadable`] where it is no JSON or not of the form of `T`.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
    let value = JSON::parse(text).map_err(|_| Unreadable)?;
    T::deserialize(Value(value))
}

struct Value(JsValue);

impl Value {
    #[inline(never)]
    fn text(&self) -> Result<String, Unreadable> {
        self.0.as_string().ok_or(Unreadable)
    }

    #[inline(never)]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to be a whole number"
    )]
    fn whole(&self) -> Result<u64, Unreadable> {
        match self.0.as_f64() {
            Some(number) if number >= 0.0 && number as u64 as f64 == number => Ok(number as u64),
            _ => Err(Unreadable),
        }
    }

    /// Which of `words` it is.
    #[inline(never)]
    fn place(&self, words: &[&str]) -> Result<u32, Unreadable> {
        let own = self.text()?;
        (0..).zip(words).find(|(_, word)| **word == own).map(|(place, _)| place).ok_or(Unreadable)
    }
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("unreadable")
    }
}

impl std::error::Error for Unreadable {}

impl de::Error for Unreadable {
    /// Drops the message, and with it all that would be needed to write one.
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self
    }
}

impl<'de> de::Deserializer<'de> for Value {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Unreadable> {
        Err(Unreadable)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_bool(self.0.as_bool().ok_or(Unreadable)?)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_u64(self.whole()?)
    }

    // Their visitors take a wider number and refuse what does not fit.
    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_u64(visitor)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_u64(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.0.is_null() || self.0.is_undefined() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let items = self.0.dyn_into::<Array>().map_err(|_| Unreadable)?;
        visitor.visit_seq(Items { items, next: 0 })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        if self.0.is_object() {
            visitor.visit_seq(Fields { of: self.0, left: fields.iter() })
        } else {
            Err(Unreadable)
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_enum(Word(self.place(variants)?))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_string(visitor)
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 i64 u16 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct map
        identifier ignored_any
    }
}

/// The items of an array.
struct Items {
    items: Array,
    next: u32,
}

impl Items {
    #[inline(never)]
    fn value(&mut self) -> Option<Value> {
        let place = self.next;
        self.next += 1;
        (place < self.items.length()).then(|| Value(self.items.get(place)))
    }
}

impl<'de> SeqAccess<'de> for Items {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Unreadable> {
        self.value().map(|value| seed.deserialize(value)).transpose()
    }
}

/// The fields of an object that its type knows, in the order in which the type has them; others are passed
/// over. To read them by their names, in whatever order, would need half as much code again.
struct Fields {
    of: JsValue,
    left: std::slice::Iter<'static, &'static str>,
}

impl<'de> SeqAccess<'de> for Fields {
    type Error = Unreadable;

    /// A field that is not there gets what its type says with `#[serde(default)]`, which a field that may be
    /// missing needs here, also where it is an `Option`.
    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Unreadable> {
        self.value().map(|value| seed.deserialize(value)).transpose()
    }
}

impl Fields {
    /// The next field's value, where there is one. Compiled once, whatever it is to become.
    #[inline(never)]
    fn value(&mut self) -> Option<Value> {
        let name = JsValue::from_str(self.left.next()?);
        Reflect::get(&self.of, &name).ok().filter(|value| !value.is_undefined()).map(Value)
    }
}

/// A variant without content, by its place in its type: to compare words once is less code than once a type.
struct Word(u32);

impl<'de> EnumAccess<'de> for Word {
    type Error = Unreadable;
    type Variant = Bare;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Bare), Unreadable> {
        let place: U32Deserializer<Unreadable> = self.0.into_deserializer();
        Ok((seed.deserialize(place)?, Bare))
    }
}

struct Bare;

impl<'de> de::VariantAccess<'de> for Bare {
    type Error = Unreadable;

    fn unit_variant(self) -> Result<(), Unreadable> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, Unreadable> {
        Err(Unreadable)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Unreadable> {
        Err(Unreadable)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Unreadable> {
        Err(Unreadable)
    }
}
