//! That the command line holds together, and what its help says.

use clap::CommandFactory as _;

use super::*;

#[test]
fn the_command_line_holds_together() {
    Doorstep::command().debug_assert();
}

#[test]
fn every_setting_has_its_flag_its_variable_and_its_default_in_the_help() {
    let mut command = Doorstep::command();
    command.build();
    let serve = command.find_subcommand_mut("serve").unwrap_or_else(|| panic!("there is no serve"));
    let help = serve.render_long_help().to_string();
    insta::assert_snapshot!(help);
}
