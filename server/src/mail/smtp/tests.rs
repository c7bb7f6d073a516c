//! Against a mail server of a few lines on loopback, whose every word is known.

use doorstep_model::text::Email;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::Smtp;
use crate::mail::{Mail as _, MailError, Message};

const FROM: &str = "Deliveries <no-reply@shop.example>";

/// A mail server that answers `RCPT` with `verdict`; gives its port, and what one client said to it.
async fn mail_server(verdict: &'static str) -> (u16, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap_or_else(|e| panic!("{e}"));
    let port = listener.local_addr().map(|address| address.port()).unwrap_or_default();
    let talk = async move {
        let (socket, _) = listener.accept().await?;
        let mut socket = BufReader::new(socket);
        socket.write_all(b"220 mail.example ready\r\n").await?;
        let (mut heard, mut in_letter) = (String::new(), false);
        loop {
            let mut line = String::new();
            if socket.read_line(&mut line).await? == 0 {
                return Ok(heard);
            }
            heard.push_str(&line);
            let answer = match line.trim_end() {
                "." => "250 taken",
                _ if in_letter => continue,
                "DATA" => "354 go on",
                "QUIT" => "221 bye",
                line if line.starts_with("RCPT") => verdict,
                _ => "250 fine",
            };
            in_letter = answer.starts_with("354");
            socket.write_all(format!("{answer}\r\n").as_bytes()).await?;
        }
    };
    let talk = async { talk.await.unwrap_or_else(|e: std::io::Error| panic!("{e}")) };
    (port, tokio::spawn(talk))
}

fn message(to: &str) -> Message {
    Message {
        to: Email::parse(to).unwrap_or_else(|e| panic!("{e}")),
        subject: "Your code – DS-1".to_owned(),
        text: "Your code is 407193.\n".to_owned(),
    }
}

async fn send(url: &str, to: &str) -> Result<(), MailError> {
    let smtp = Smtp::over(url, FROM).unwrap_or_else(|e| panic!("{e:#}"));
    smtp.send(message(to)).await
}

fn words(sent: Result<(), MailError>) -> String {
    sent.err().map(|error| format!("{:#}", anyhow::Error::new(error))).unwrap_or_default()
}

#[tokio::test]
async fn a_message_reaches_the_one_it_is_for() {
    let (port, talk) = mail_server("250 fine").await;
    let url = format!("smtp://localhost:{port}").parse().unwrap_or_else(|e| panic!("{e}"));
    let smtp = Smtp::new(&url, FROM).unwrap_or_else(|e| panic!("{e:#}"));
    smtp.send(message("Ana Vega <ana@home.example>")).await.unwrap_or_else(|e| panic!("{e:?}"));
    let heard = talk.await.unwrap_or_default();
    for line in [
        "MAIL FROM:<no-reply@shop.example>",
        "RCPT TO:<ana@home.example>",
        "From: Deliveries <no-reply@shop.example>",
        "To: ana@home.example",
        "Subject: Your code =?utf-8?b?4oCT?= DS-1",
        "Auto-Submitted: auto-generated",
        "Your code is 407193.",
    ] {
        assert!(heard.contains(line), "{line} is missing in\n{heard}");
    }
}

#[tokio::test]
async fn a_refusal_names_no_recipient() {
    let (port, _talk) = mail_server("550 5.1.1 <ana@home.example> is unknown here").await;
    let error = words(send(&format!("smtp://127.0.0.1:{port}"), "ana@home.example").await);
    assert_eq!(error, "the message was not sent: the mail server refused with 550");
}

#[tokio::test]
async fn nothing_is_said_to_a_server_that_offers_no_tls_where_it_is_required() {
    let (port, talk) = mail_server("250 fine").await;
    let error = words(send(&format!("smtp://127.0.0.1:{port}?tls=required"), "ana@home.example").await);
    assert!(error.contains("STARTTLS"), "{error}");
    let heard = talk.await.unwrap_or_default();
    assert!(!heard.contains("MAIL") && !heard.contains("ana@"), "{heard}");
}

#[tokio::test]
async fn what_is_on_file_cannot_add_recipients_or_headers() {
    for to in ["ana@home.example, eve@evil.example", "ana@home.example> RCPT TO:<eve@evil.example", "ana"] {
        let error = words(send("smtp://127.0.0.1:1", to).await);
        assert_eq!(error, "the message was not sent: the address on file is no e-mail address", "{to}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_said_without_the_recipient() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap_or_else(|e| panic!("{e}"));
    let port = listener.local_addr().map(|address| address.port()).unwrap_or_default();
    drop(listener);
    let error = words(send(&format!("smtp://127.0.0.1:{port}"), "ana@home.example").await);
    assert_eq!(error, "the message was not sent: the mail server cannot be reached");
}

#[test]
fn settings_that_cannot_work_are_refused_without_the_password() {
    for (url, from) in [("smtp://u:hunter2@mail.example", "nobody"), ("smtp://u:hunter2@:x", FROM)] {
        let error = Smtp::over(url, from).err().unwrap_or_else(|| panic!("{url} was taken"));
        assert!(!format!("{error:#}").contains("hunter2"));
    }
}
