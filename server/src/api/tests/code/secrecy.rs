//! The code and whatever proves a person are in the answers that are for them and nowhere else: not in the
//! log at its most talkative, not in the counts, lists, histories and errors, not in the files.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use tracing_subscriber::fmt::MakeWriter;

use crate::api::tests::house::House;
use crate::api::tests::visitor::{
    CODE, PHONE_END, WRONG, ask, drawn, happens, person, problem, prove, proved, session, ship, ship_to,
    try_code,
};
use crate::vault::Vault;

/// Everything that is logged on this thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

impl Log {
    fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

#[tokio::test]
async fn no_digits_are_left_behind() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    let logging = tracing::subscriber::set_default(subscriber);
    let counts = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let counting = metrics::set_default_local_recorder(&counts);

    let house = House::new().await;
    ship(&house, "DS-1").await;
    happens(&house, "DS-1", "out", "out_for_delivery").await;
    let token = proved(&house, "DS-1").await;
    ask(&house, "POST /step-up/email", "DS-1", &token, "").await;
    let mail = house.outbox.messages().first().map(|message| message.text.clone()).unwrap_or_default();
    let email_code = mail.split(|c: char| !c.is_ascii_digit()).find(|word| word.len() == 6);
    let email_code = email_code.unwrap_or_else(|| panic!("{mail}")).to_owned();
    let revealed = ask(&house, "POST /code/reveal", "DS-1", &token, "").await;
    assert!(revealed.text.contains(CODE), "what is looked for is there to be found");

    let mut told = String::new();
    for body in [
        format!(r#"{{"phoneDigits":"{PHONE_END}9"}}"#),
        format!(r#"{{"emailCode":{email_code}}}"#),
        format!(r#"{{"emailCode":"{email_code}"}}"#),
        format!(r#"{{"emailCode":"{email_code}"}}"#),
    ] {
        told += &prove(&house, "DS-1", &token, &body).await.text;
    }
    for code in [WRONG, &format!("{CODE}0"), CODE, CODE] {
        told += &try_code(&house, "DS-1", code).await.text;
    }
    // A code that this server cannot open is an error of ours, and goes to the log.
    let foreign = drawn(&Vault::new([8; 32]), "DS-2");
    ship_to(&house, "DS-2", person(), Some(foreign)).await;
    happens(&house, "DS-2", "out", "out_for_delivery").await;
    let answer = try_code(&house, "DS-2", CODE).await;
    assert_eq!(problem(&answer), (500, "internal".to_owned()));
    told += &answer.text;

    let fresh = session(&house, "DS-1").await;
    for path in ["/shipments", "/shipments/DS-1", "/track/DS-1"] {
        for key in [&house.manager, &house.reader, &house.carrier] {
            told += &house.call(&format!("GET /api/v1{path}"), key, &[], "").await.text;
        }
    }
    let view = ask(&house, "GET ", "DS-1", &fresh, "").await;
    assert_eq!((view.status.as_u16(), problem(&view).1.as_str()), (200, ""), "{}", view.text);
    told += &view.text;
    told += &format!("{:?}", house.outbox.messages());
    let counted = counts.handle().render();
    assert!(counted.contains("doorstep_code_reveals_total 1"), "{counted}");
    drop((logging, counting));

    house.state.store.close().await;
    let mut files = Vec::new();
    for entry in std::fs::read_dir(house.folder.path()).unwrap_or_else(|e| panic!("{e}")) {
        let path = entry.unwrap_or_else(|e| panic!("{e}")).path();
        files.extend(std::fs::read(path).unwrap_or_else(|e| panic!("{e}")));
    }
    let files = String::from_utf8_lossy(&files).into_owned();
    assert!(files.contains("Calle Mayor 7"), "the files are those of the store");
    let logged = log.text();
    assert!(logged.contains("a delivery code does not open"), "{logged}");
    for secret in [CODE, WRONG, email_code.as_str(), token.as_str(), fresh.as_str()] {
        for (place, text) in [("log", &logged), ("answers", &told), ("counts", &counted), ("files", &files)] {
            assert!(!text.contains(secret), "{secret} is in the {place}");
        }
    }
}
