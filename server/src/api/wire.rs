//! Stricter reading than serde's own, for exactly what the documentation says: an object is no list, a
//! word is a text, a day is ten characters. Knows no field's meaning.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use doorstep_model::id::TrackingId;
use doorstep_model::time::Day;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// A `T` that is written as an object; serde's derive alone would take a list of its fields too.
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AsMap<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for AsMap<T> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map))
            }
        }

        deserializer.deserialize_map(AsMap(PhantomData)).map(Self)
    }
}

/// Reads an object that was read before, as it came.
pub(crate) fn object_of<T: serde::de::DeserializeOwned>(
    raw: &serde_json::Value,
) -> Result<T, serde_json::Error> {
    Object::deserialize(raw).map(|Object(read)| read)
}

/// For a field that holds a whole number, also one that is written `4.0`, which is the same in JSON.
pub(crate) fn whole<'de, T: TryFrom<u64>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct Whole<T>(PhantomData<T>);

    impl<T: TryFrom<u64>> Visitor<'_> for Whole<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a whole number")
        }

        fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
            T::try_from(number).map_err(|_| E::custom("is too large"))
        }

        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked to be whole and small"
        )]
        fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
            if number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number) {
                return self.visit_u64(number as u64);
            }
            Err(E::custom("must be a whole number"))
        }
    }

    deserializer.deserialize_u64(Whole(PhantomData))
}

/// For a field that holds an object.
pub(crate) fn object<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Object::deserialize(deserializer).map(|Object(value)| value)
}

/// For a field that holds an object or `null`.
pub(crate) fn optional_object<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Ok(Option::<Object<T>>::deserialize(deserializer)?.map(|Object(value)| value))
}

/// For a field that holds a list of at most `MOST` objects.
pub(crate) fn objects<'de, T, D, const MOST: usize>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    struct List<T, const MOST: usize>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>, const MOST: usize> Visitor<'de> for List<T, MOST> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
            let mut values = Vec::new();
            while let Some(Object(value)) = list.next_element::<Object<T>>()? {
                if values.len() == MOST {
                    return Err(A::Error::custom(format_args!("must have at most {MOST} items")));
                }
                values.push(value);
            }
            Ok(values)
        }
    }

    deserializer.deserialize_seq(List::<T, MOST>(PhantomData))
}

/// For a field that holds a list of objects or `null`.
pub(crate) fn optional_objects<'de, T, D>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    let list = Option::<Vec<Object<T>>>::deserialize(deserializer)?;
    Ok(list.map(|list| list.into_iter().map(|Object(value)| value).collect()))
}

/// A word of a vocabulary, as a text; serde's derive alone would take `{"word": null}` too.
struct Word<T>(T);

impl<'de, T: FromStr> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        word.parse().map(Self).map_err(|_| D::Error::custom("is not a word of this vocabulary"))
    }
}

/// For a field that holds a word or `null`.
pub(crate) fn word<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: FromStr,
    D: Deserializer<'de>,
{
    Ok(Option::<Word<T>>::deserialize(deserializer)?.map(|Word(word)| word))
}

/// For a field that holds a word.
pub(crate) fn one_word<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: FromStr,
    D: Deserializer<'de>,
{
    Word::deserialize(deserializer).map(|Word(word)| word)
}

/// For a field that holds a list of words.
pub(crate) fn words<'de, T, C, D>(deserializer: D) -> Result<C, D::Error>
where
    T: FromStr,
    C: FromIterator<T>,
    D: Deserializer<'de>,
{
    Ok(Vec::<Word<T>>::deserialize(deserializer)?.into_iter().map(|Word(word)| word).collect())
}

/// For a field that holds a day or `null`: a full-date of RFC 3339. Chrono alone would take `2026-1-4`.
pub(crate) fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Day>, D::Error> {
    let Some(text) = Option::<std::borrow::Cow<'de, str>>::deserialize(deserializer)? else {
        return Ok(None);
    };
    let well_formed = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let day = text.parse().ok().filter(|_| well_formed);
    day.map(Some).ok_or_else(|| D::Error::custom("is no day, such as 2026-11-24"))
}

/// Reads a tracking id without the blanks that people may type around it.
pub(crate) fn exact_tracking_id(raw: &str) -> Result<TrackingId, String> {
    let id = TrackingId::parse(raw).map_err(|error| error.to_string())?;
    if id.as_str().len() == raw.len() { Ok(id) } else { Err("has blanks around it".to_owned()) }
}

/// For a field that holds a tracking id.
pub(crate) fn tracking_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<TrackingId, D::Error> {
    let raw = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
    exact_tracking_id(&raw).map_err(D::Error::custom)
}

/// For a field that holds a tracking id or `null`.
pub(crate) fn optional_tracking_id<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<TrackingId>, D::Error> {
    let Some(raw) = Option::<std::borrow::Cow<'de, str>>::deserialize(deserializer)? else { return Ok(None) };
    exact_tracking_id(&raw).map(Some).map_err(D::Error::custom)
}
