//! A preference as its form holds it, whichever it is, and as JSON. One type for both keeps one way of
//! editing. Pure but for the browser's JSON writer.

use doorstep_model::preferences::{Contactless, Handover, Preferences};
use doorstep_model::text::Comment;
use leptos::wasm_bindgen::JsValue;

/// Which preference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    /// The comment for the courier.
    Comment,
    /// Where to leave it.
    Contactless,
}

impl Which {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::Comment, Self::Contactless];

    /// Where it is edited.
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Comment => "/recipient/comment",
            Self::Contactless => "/recipient/contactless",
        }
    }
}

/// What a form holds. Empty is "nothing chosen".
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Choice {
    /// The comment.
    pub(crate) text: String,
    /// Where to leave it.
    pub(crate) handover: Option<Handover>,
    /// Who has the cash ready.
    pub(crate) cash: String,
    /// Where that person is reached.
    pub(crate) phone: String,
}

impl From<&Comment> for Choice {
    fn from(comment: &Comment) -> Self {
        Self { text: comment.as_str().to_owned(), ..Self::default() }
    }
}

impl From<&Contactless> for Choice {
    fn from(contactless: &Contactless) -> Self {
        Self {
            text: String::new(),
            handover: Some(contactless.handover),
            cash: contactless
                .cash_receiver
                .as_ref()
                .map_or_else(String::new, |name| name.as_str().to_owned()),
            phone: contactless.phone.as_ref().map_or_else(String::new, |phone| phone.as_str().to_owned()),
        }
    }
}

impl Choice {
    /// What stands, and at which version.
    pub(crate) fn standing(which: Which, preferences: &Preferences) -> (Self, u32) {
        match which {
            Which::Comment => preferences
                .comment
                .as_ref()
                .map(|stands| (stands.value.as_ref().map(Self::from).unwrap_or_default(), stands.version)),
            Which::Contactless => preferences
                .contactless
                .as_ref()
                .map(|stands| (stands.value.as_ref().map(Self::from).unwrap_or_default(), stands.version)),
        }
        .unwrap_or_default()
    }

    /// The value on the wire, or `null`.
    pub(crate) fn value(&self, which: Which) -> String {
        match (which, self.handover) {
            (Which::Comment, _) if self.text.trim().is_empty() => "null".to_owned(),
            (Which::Comment, _) => quoted(&self.text),
            (Which::Contactless, None) => "null".to_owned(),
            (Which::Contactless, Some(handover)) => {
                let optional = |name: &str, text: &str| {
                    if text.trim().is_empty() {
                        String::new()
                    } else {
                        [",\"", name, "\":", &quoted(text)].concat()
                    }
                };
                let cash = optional("cashReceiver", &self.cash);
                ["{\"handover\":\"", handover.as_str(), "\"", &cash, &optional("phone", &self.phone), "}"]
                    .concat()
            }
        }
    }

    /// The whole of it, for [`serde::Deserialize`] to read again.
    pub(crate) fn json(&self) -> String {
        let handover = self.handover.map_or_else(|| "null".to_owned(), |word| quoted(word.as_str()));
        let (text, cash, phone) = (quoted(&self.text), quoted(&self.cash), quoted(&self.phone));
        ["{\"text\":", &text, ",\"handover\":", &handover, ",\"cash\":", &cash, ",\"phone\":", &phone, "}"]
            .concat()
    }
}

/// `text` as JSON.
pub(crate) fn quoted(text: &str) -> String {
    js_sys::JSON::stringify(&JsValue::from_str(text)).map(String::from).unwrap_or_default()
}
