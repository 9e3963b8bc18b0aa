//! The languages of texts for people.

use crate::named::named;

named! {
    /// A language of messages. Its name is a value of the option `lang`.
    #[derive(Default)]
    #[non_exhaustive]
    Lang {
        /// English.
        #[default]
        En = "en",
        /// Chinese (中文).
        Zh = "zh",
    }
}

impl Lang {
    /// The language of this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::En, Self::Zh].into_iter().find(|lang| lang.as_str() == name)
    }
}
