//! What stands around the panels: the bars above and below, the start screen, what opens over all.
//!
//! `keys` makes actions of keys by the one table and the user's own `keymap`; `top_bar` and `status_bar` are always there;
//! `start` is shown while nothing is open; `palette`, `go_to` and `shortcuts` open over the rest;
//! `problems` lists what was wrong while reading, `file_info` says what is open and who reads it along;
//! `map` says which column becomes what;
//! `settings` changes what outlives the run, `about` says what this is made of;
//! `messages` says what was done and what could not be; `mark` draws the program's sign.

pub mod about;
pub mod color;
pub mod edit_event;
pub mod file_info;
pub mod go_to;
pub mod keymap;
pub mod keys;
pub mod map;
pub mod messages;
pub mod name;
pub mod palette;
pub mod problems;
pub mod settings;
pub mod shortcuts;
pub mod start;
pub mod status_bar;
pub mod top_bar;

mod dialog;
mod file_chip;
mod palette_fields;
mod palette_items;
mod palette_places;
mod palette_rank;
mod recent;
mod top_right;
