//! What ends every help page.

/// Examples, then the exit codes.
macro_rules! epilogue {
    ($($example:literal)+) => {
        concat!(
            "Examples:\n", $("  ", $example, "\n",)+
            "\nExit codes: 0 done · 2 argument or configuration · 3 token not accepted ·\n\
             4 refused by the service · 5 not ready · 6 outcome unknown · 7 network ·\n\
             8 unusable answer or certificate · 9 file · 130 cancelled · 70 internal defect"
        )
    };
}
pub(crate) use epilogue;
