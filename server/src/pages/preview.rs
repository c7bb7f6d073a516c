//! Programs that fetch a page to show a card of it where its link was sent. They get one that says
//! nothing of the delivery: what they fetch is kept by companies and shown to whole groups. A program that
//! gives itself out as a browser sees what everybody with the tracking id sees, and no more.

use http::{HeaderMap, header};

/// What stands somewhere in their `User-Agent`, in lower case.
const NAMES: &[&str] = &[
    "facebookexternalhit", // Facebook, Messenger, Instagram; Apple's Messages and LINE use the name too
    "facebot",
    "meta-externalagent",
    "twitterbot",
    "slackbot",
    "slack-imgproxy",
    "discordbot",
    "telegrambot",
    "linkedinbot",
    "skypeuripreview", // Skype and Teams
    "teamsbot",
    "bingpreview",
    "bingbot",
    "googlebot",
    "google-safety",
    "applebot",
    "pinterestbot",
    "redditbot",
    "mastodon/",
    "embedly",
    "iframely",
    "vkshare",
    "kakaotalk-scrap",
    "duckduckbot",
    "yandexbot",
];

/// With what it begins, where the name in the middle is that of a browser within an app.
const BEGINNINGS: &[&str] = &["whatsapp/", "viber/", "snapchat/"];

/// Whether the request comes from such a program.
pub(super) fn is_preview(headers: &HeaderMap) -> bool {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let agent = agent.to_ascii_lowercase();
    BEGINNINGS.iter().any(|name| agent.starts_with(name)) || NAMES.iter().any(|name| agent.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(agent: &'static str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::USER_AGENT, http::HeaderValue::from_static(agent));
        is_preview(&headers)
    }

    #[test]
    fn previews_are_known_from_people() {
        for bot in [
            "WhatsApp/2.23.20.0 A",
            "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
            "Mozilla/5.0 (Macintosh) AppleWebKit/601.2.4 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
            "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
            "TelegramBot (like TwitterBot)",
            "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
        ] {
            assert!(seen(bot), "{bot}");
        }
        for person in [
            "",
            "curl/8.5",
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/15E148 [FBAN/FBIOS;FBAV/450.0]",
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130 Mobile Safari/537.36 Viber/22.1",
        ] {
            assert!(!seen(person), "{person}");
        }
        assert!(!is_preview(&HeaderMap::new()));
    }
}
