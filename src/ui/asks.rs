//! What the program asks of the window: to open something over the rest, to give a field the keyboard, to
//! take a layout.

use crate::event::Position;

use super::in_front::tab_of;
use super::layout::Layout;
use super::shell::about::About;
use super::shell::color::ColorDialog;
use super::shell::edit_event::EditDialog;
use super::shell::file_info::FileInfo;
use super::shell::go_to::GoTo;
use super::shell::name::{NameDialog, NameOf};
use super::shell::palette::Palette;
use super::shell::problems::Problems;
use super::shell::settings::SettingsDialog;
use super::shell::shortcuts::Shortcuts;
use super::window::{Over, Window};
use crate::workbench::{ColorOf, InspectorTab};

impl Window {
    /// Opens or closes the palette.
    pub fn toggle_palette(&mut self) {
        self.over = match self.over {
            Some(Over::Palette(_)) => None,
            _ => Some(Over::Palette(Palette::after(&self.chosen))),
        };
    }

    /// Opens or closes the list of keys.
    pub fn toggle_shortcuts(&mut self) {
        self.over = match self.over {
            Some(Over::Shortcuts(_)) => None,
            _ => Some(Over::Shortcuts(Shortcuts::default())),
        };
    }

    /// Opens or closes the settings.
    pub fn toggle_settings(&mut self) {
        self.over = match self.over {
            Some(Over::Settings(_)) => None,
            _ => Some(Over::Settings(SettingsDialog::default())),
        };
    }

    /// Says what this program is and what it is made of.
    pub fn show_about(&mut self) {
        self.over = Some(Over::About(About::default()));
    }

    /// Lists what was wrong while reading.
    pub fn show_problems(&mut self) {
        self.over = Some(Over::Problems(Problems::default()));
    }

    /// Says what is open.
    pub fn show_file_info(&mut self) {
        self.over = Some(Over::FileInfo(FileInfo::default()));
    }

    /// Gives the keyboard to the question bar, with this text in it.
    pub fn ask_question(&mut self, text: String) {
        self.panels.question.open(text);
    }

    /// Shows all of the graph.
    pub fn fit_graph(&mut self) {
        self.panels.graph.fit();
    }

    /// Shows more or less of the graph around the playhead; a factor above 1 shows more.
    pub fn zoom_graph(&mut self, factor: f64) {
        self.panels.graph.zoom(factor);
    }

    /// Gives the keyboard to the name under which the report is saved.
    pub fn ask_report_name(&mut self) {
        self.panels.report.ask_name();
    }

    /// Gives the keyboard to the filter of the events table.
    pub fn ask_filter(&mut self) {
        self.panels.events.ask_filter();
    }

    /// Gives the keyboard to the search in the state.
    pub fn find_in_state(&mut self) {
        self.panels.inspector.find_in_state();
    }

    /// Asks with which stream the state shown is to be compared.
    pub fn ask_compare(&mut self) {
        self.over = Some(Over::Palette(Palette::beginning("compare ")));
    }

    /// Asks where to go.
    pub fn ask_go_to(&mut self) {
        self.over = Some(Over::GoTo(GoTo::default()));
    }

    /// Asks for the color of something that is called so.
    pub fn ask_color(&mut self, of: ColorOf, name: String) {
        self.over = Some(Over::Color(ColorDialog::new(of, name)));
    }

    /// Asks for the name of a bookmark.
    pub fn ask_bookmark(&mut self, proposed: String) {
        self.ask_name(NameOf::Bookmark, proposed);
    }

    /// Asks for a name, beginning with a proposed one.
    pub fn ask_name(&mut self, of: NameOf, proposed: String) {
        self.over = Some(Over::Name(NameDialog::new(of, proposed)));
    }

    /// Asks for a note on an event, beginning with the one there is.
    pub fn ask_note(&mut self, position: Position, text: String) {
        self.over = Some(Over::Name(
            NameDialog::new(NameOf::Note(position), text).written(),
        ));
    }

    /// Asks why a finding is accepted, beginning with the reason there is.
    pub fn ask_accept(&mut self, finding: usize, reason: String) {
        self.over = Some(Over::Name(
            NameDialog::new(NameOf::Accept(finding), reason).written(),
        ));
    }

    /// The layout of the views, to be kept.
    pub fn layout(&self) -> serde_json::Value {
        self.layout.kept()
    }

    /// Takes a layout that was kept; `false`, and nothing changes, where it cannot be read.
    pub fn set_layout(&mut self, kept: &serde_json::Value) -> bool {
        let layout = Layout::from_kept(kept);
        let is_read = layout.is_some();
        self.layout = layout.unwrap_or_else(|| std::mem::take(&mut self.layout));
        is_read
    }

    /// How often the layout was changed.
    pub fn layout_edits(&self) -> u64 {
        self.layout.edits
    }

    /// Asks what an event says in the branch, beginning with this text.
    pub fn ask_edit(&mut self, position: Position, text: String) {
        self.over = Some(Over::Edit(EditDialog::new(position, text)));
    }

    /// Shows or hides the inspector.
    pub fn toggle_inspector(&mut self) {
        if self.is_narrow {
            self.has_overlay = !self.has_overlay;
        } else {
            self.layout.has_inspector = !self.layout.has_inspector;
            self.layout.edits += 1;
        }
    }

    /// Shows the inspector where there is room for it beside the rest.
    pub fn open_inspector(&mut self) {
        if !self.is_narrow {
            self.layout.has_inspector = true;
        }
    }

    /// The tabs of the inspector that were on screen in the last frame; more than one where the user gave
    /// some of them tiles of their own.
    pub fn inspected(&self) -> Vec<InspectorTab> {
        let panes = self.places.iter();
        panes.filter_map(|(pane, _)| tab_of(*pane)).collect()
    }

    /// Puts all tiles where they stand at first.
    pub fn reset_layout(&mut self) {
        self.layout.reset();
    }

    /// Closes what is open over the rest.
    pub fn close_overlays(&mut self) {
        self.over = None;
        self.has_overlay = false;
    }
}
