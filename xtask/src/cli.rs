//! Which command was asked for, and its help.
//! It parses words and hands over; the work is in the other modules.

use std::ffi::OsString;

use lexopt::{Arg, Parser};

use crate::{
    failure::{Failure, Outcome},
    project::Project,
    site::{self, Recipe},
    tools::{self, Group},
};

struct Command {
    name: &'static str,
    about: &'static str,
    help: &'static str,
    run: fn(&Project, Parser) -> Outcome,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "setup",
        about: "install what is missing; says what it does",
        help: "\
Usage: cargo xtask setup

Looks for each tool in the version that the checkout needs and installs what is missing,
inside the checkout (target/tools) but for system packages: node, npm and chromium by apt-get.
Does nothing where all is there. Every other command sets up what it needs itself.",
        run: |project, words| {
            no_more(words)?;
            tools::ensure_and_list(project, &[Group::Build, Group::Browser])
        },
    },
    Command {
        name: "widget",
        about: "build the page's files into target/site (part of dist)",
        help: "\
Usage: cargo xtask widget

Builds the widget with Trunk by the smallest-size recipe, bundles the scripts and styles, gives
them hashed names, compresses them, and lists them in target/site/manifest.json.",
        run: |project, words| {
            no_more(words)?;
            tools::ensure(project, &[Group::Build])?;
            site::build(project, Recipe::Smallest)
        },
    },
];

/// Finds the command, answers `--help`, or runs it.
pub(crate) fn run(words: impl Iterator<Item = OsString>) -> Outcome {
    let mut words = words;
    let Some(name) = words.next() else {
        return Err(Failure::new(format!("say what to do\n\n{}", overview())));
    };
    let name = name.to_string_lossy();
    if matches!(&*name, "help" | "--help" | "-h") {
        println!("{}", overview());
        return Ok(());
    }
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        return Err(Failure::new(format!("there is no command `{name}`\n\n{}", overview()))
            .mend("take one of the commands above"));
    };
    let rest: Vec<_> = words.collect();
    let own_words = rest.iter().take_while(|word| *word != "--");
    if own_words.into_iter().any(|word| word == "--help" || word == "-h") {
        println!("{}", command.help);
        return Ok(());
    }
    (command.run)(&Project::locate()?, Parser::from_args(rest))
        .map_err(|failure| failure.mend(format!("`cargo xtask {name} --help` says what it needs")))
}

fn overview() -> String {
    let mut text = String::from("Usage: cargo xtask COMMAND [--help]\n\nCommands:");
    for command in COMMANDS {
        text.push_str(&format!("\n  {:8} {}", command.name, command.about));
    }
    text
}

fn no_more(mut words: Parser) -> Outcome {
    match words.next() {
        Ok(None) => Ok(()),
        Ok(Some(word)) => Err(unexpected(word)),
        Err(error) => Err(Failure::new(error.to_string())),
    }
}

fn unexpected(word: Arg<'_>) -> Failure {
    Failure::new(word.unexpected().to_string())
}
