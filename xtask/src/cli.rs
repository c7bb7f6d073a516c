//! Finds the command that was asked for, answers `--help`, or runs it.
//! The commands stand in `commands`; this module only reads words.

use std::ffi::OsString;

use crate::{
    commands::{COMMANDS, Command},
    failure::{Failure, Outcome},
    project::Project,
};

pub(crate) fn run(mut words: impl Iterator<Item = OsString>) -> Outcome {
    let Some(name) = words.next() else {
        return Err(Failure::new(format!("say what to do\n\n{}", overview())));
    };
    let name = name.to_string_lossy();
    if matches!(&*name, "help" | "--help" | "-h") {
        println!("{}", overview());
        return Ok(());
    }
    let command = find(&name)?;
    let rest: Vec<_> = words.collect();
    if asks_for_help(&rest) {
        println!("{}", command.help);
        return Ok(());
    }
    let project = Project::locate()?;
    (command.run)(&project, rest)
        .map_err(|failure| failure.mend(format!("`cargo xtask {name} --help` says what it needs")))
}

/// The words of a command that hands them on; a leading `--` is ours.
pub(crate) fn passed_on(words: Vec<OsString>) -> Vec<OsString> {
    let ours = usize::from(words.first().is_some_and(|word| word == "--"));
    words.into_iter().skip(ours).collect()
}

/// Refuses words for a command that takes none.
pub(crate) fn none(words: &[OsString]) -> Outcome {
    match words.first() {
        None => Ok(()),
        Some(word) => Err(Failure::new(format!("`{}` means nothing here", word.to_string_lossy()))),
    }
}

fn find(name: &str) -> Outcome<&'static Command> {
    COMMANDS.iter().find(|command| command.name == name).ok_or_else(|| {
        Failure::new(format!("there is no command `{name}`\n\n{}\n", overview()))
            .mend("take one of the commands above")
    })
}

/// Help asked after `--` is meant for the program that is started.
fn asks_for_help(words: &[OsString]) -> bool {
    words.iter().take_while(|word| *word != "--").any(|word| word == "--help" || word == "-h")
}

fn overview() -> String {
    let mut text = String::from("Usage: cargo xtask COMMAND [--help]\n\nCommands:");
    for command in COMMANDS {
        text.push_str(&format!("\n  {:8} {}", command.name, command.about));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<OsString> {
        text.split_whitespace().map(OsString::from).collect()
    }

    #[test]
    fn an_unknown_command_is_answered_with_the_known_ones() {
        let message = find("demmo").unwrap_err().to_string();
        assert!(message.contains("no command `demmo`") && message.contains("demo"), "{message}");
        assert!(run(words("demmo").into_iter()).is_err());
        assert!(run(words("").into_iter()).is_err());
    }

    #[test]
    fn every_command_has_its_help() {
        for command in COMMANDS {
            let usage = format!("Usage: cargo xtask {}", command.name);
            assert!(command.help.starts_with(&usage), "{}", command.name);
        }
    }

    #[test]
    fn words_after_the_dashes_belong_to_the_started_program() {
        assert!(asks_for_help(&words("--help")));
        assert!(!asks_for_help(&words("-- --help")));
        assert_eq!(passed_on(words("-- --speed 9")), words("--speed 9"));
        assert_eq!(passed_on(words("viewers --quick")), words("viewers --quick"));
        assert!(none(&words("x")).is_err() && none(&[]).is_ok());
    }
}
