//! The question bar: "When did … become …", over the timeline.

/// The question bar's own small state.
#[derive(Debug, Default)]
pub struct QuestionPanel {
    /// What is being typed.
    draft: String,
    /// Whether the field is to be given the keyboard.
    wants_keyboard: bool,
}

impl QuestionPanel {
    /// Gives the field the keyboard, with this text in it where there is one.
    pub fn open(&mut self, text: String) {
        if !text.is_empty() {
            self.draft = text;
        }
        self.wants_keyboard = true;
    }
}
