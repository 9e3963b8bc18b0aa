//! `wotrus completions`

use clap::Command;
use clap_complete::Shell;

use crate::failure::Result;
use crate::help::epilogue;
use crate::json::Json;
use crate::output::Outcome;

/// Print the completion script of a shell
///
/// make install installs those of bash, zsh and fish.
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "source <(wotrus completions bash)                      # for this session"
    "wotrus completions bash >~/.local/share/bash-completion/completions/wotrus"
    "wotrus completions zsh >~/.zfunc/_wotrus               # a folder in $fpath"
    "wotrus completions fish >~/.config/fish/completions/wotrus.fish"
    "wotrus completions powershell >>$PROFILE"
))]
pub(crate) struct Completions {
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(self, mut command: Command) -> Result<Outcome> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, "wotrus", &mut script);
        let text = String::from_utf8_lossy(&script).into_owned();
        let json = Json::new().with("script", &text);
        Ok(Outcome { text, json })
    }
}
