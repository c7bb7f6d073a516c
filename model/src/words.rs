//! One table per vocabulary: a macro that turns a list of variants and their wire words into an
//! enum with its documentation, parsing, printing and schema, so that no word is written twice.
//! It knows nothing of what the words mean.

/// Declares an enum whose variants are words on the wire.
///
/// Gives `ALL`, `as_str`, `FromStr` (error: [`UnknownWord`]), `Display`, serde as that word and,
/// with the feature `openapi`, a schema that lists the words.
macro_rules! words {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident { $( $(#[$doc:meta])* $variant:ident = $word:literal ),+ $(,)? }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        $vis enum $name { $( $(#[$doc])* #[serde(rename = $word)] $variant ),+ }

        impl $name {
            /// Every word of the vocabulary, in the order of its table.
            pub const ALL: &'static [Self] = &[$( Self::$variant ),+];

            /// The word on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $word ),+ }
            }
        }

        // Not derived: utoipa's derive does not see a `rename` whose word comes from a macro.
        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some(Self::ALL.iter().map(|word| word.as_str())))
                    .build()
                    .into()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::text::UnknownWord;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $( $word => Ok(Self::$variant), )+
                    _ => Err($crate::text::UnknownWord),
                }
            }
        }
    };
}

pub(crate) use words;
