//! A proof of who one is, as it stands in a request: exactly one, and well formed. What is not well formed
//! is no try.

use serde_json::Value;
use utoipa::ToSchema;

use crate::api::extract::{Faults, Form, read_object};
use crate::api::recipient::StepUpMethod;
use crate::api::recipient::body::PHONE_DIGITS;
use crate::problem::{FieldError, Problem, ProblemKind};
use crate::vault::Typed;

/// How many digits a one-time code has.
pub(super) const EMAIL_DIGITS: usize = 6;

/// A proof of who one is: exactly one of these.
#[derive(serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = IdentityBody, min_properties = 1, max_properties = 1)]
pub(super) struct ProofBody {
    /// The last four digits of the phone on file.
    #[schema(value_type = Option<String>, nullable = false, pattern = "^[0-9]{4}$")]
    phone_digits: Option<Typed<PHONE_DIGITS, PHONE_DIGITS>>,
    /// The one-time code that was sent by e-mail.
    #[schema(value_type = Option<String>, nullable = false, pattern = "^[0-9]{6}$")]
    email_code: Option<Typed<EMAIL_DIGITS, EMAIL_DIGITS>>,
    /// A token that the retailer signed, with the scope `code`.
    #[schema(nullable = false)]
    token: Option<String>,
}

/// One proof.
pub(super) enum Proof {
    PhoneDigits(Typed<PHONE_DIGITS, PHONE_DIGITS>),
    EmailCode(Typed<EMAIL_DIGITS, EMAIL_DIGITS>),
    Token(String),
}

impl Proof {
    /// Which way of proving it is.
    pub(super) fn method(&self) -> StepUpMethod {
        match self {
            Self::PhoneDigits(_) => StepUpMethod::PhoneDigits,
            Self::EmailCode(_) => StepUpMethod::EmailCode,
            Self::Token(_) => StepUpMethod::Token,
        }
    }
}

impl StepUpMethod {
    /// Its word in the counts.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::PhoneDigits => "phone_digits",
            Self::EmailCode => "email_code",
            Self::Token => "token",
        }
    }
}

impl ProofBody {
    /// The one proof in it.
    pub(super) fn proof(self) -> Result<Proof, Problem> {
        match (self.phone_digits, self.email_code, self.token) {
            (Some(digits), None, None) => Ok(Proof::PhoneDigits(digits)),
            (None, Some(code), None) => Ok(Proof::EmailCode(code)),
            (None, None, Some(token)) => Ok(Proof::Token(token)),
            _ => {
                let message = "must have exactly one of phoneDigits, emailCode and token";
                let errors = vec![FieldError::new("", message)];
                Err(Problem::new(ProblemKind::ValidationFailed).errors(errors))
            }
        }
    }
}

impl Form for ProofBody {
    fn read(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        read_object(bytes)
    }

    fn faults(body: Value, faults: &mut Faults) {
        faults.of_object::<Self>(body, "");
    }
}
