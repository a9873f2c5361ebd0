//! Messages at the bottom right: one sentence and at most one action.
//!
//! A message leaves by itself after six seconds, but not while the pointer is on it.
//! An error stays until it is closed. The clock is the caller's.

use egui::text::TextWrapping;
use egui::{
    Align2, Color32, Context, CornerRadius, Frame, Id, Margin, Order, Rect, Role, Sense, Ui,
    WidgetInfo, accesskit, pos2, vec2,
};

use super::button;
use crate::ui::theme::icons::{self, Icon};
use crate::ui::theme::{Face, Tokens, size, text, tokens};

/// Seconds until a message leaves.
const STAY: f64 = 6.0;
/// So many messages are shown; older ones leave first, errors last.
const MOST: usize = 4;
/// Space between messages, and to the edge of the window.
const GAP: f32 = 8.0;
const EDGE: f32 = 16.0;
/// Least height of a message.
const HEIGHT: f32 = 40.0;

/// What a message says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Something was done.
    Done,
    /// Something is so.
    Note,
    /// Something should be looked at.
    Warning,
    /// Something could not be done.
    Error,
}

impl Kind {
    const fn icon(self) -> Icon {
        match self {
            Self::Done => icons::PASSED,
            Self::Note => icons::NOTE,
            Self::Warning => icons::WARNING,
            Self::Error => icons::FAILED,
        }
    }

    const fn color(self, t: &Tokens) -> Color32 {
        match self {
            Self::Done => t.ok,
            Self::Note => t.accent,
            Self::Warning => t.warn,
            Self::Error => t.err,
        }
    }
}

#[derive(Clone, Debug)]
struct Toast<A> {
    nr: u64,
    kind: Kind,
    text: String,
    action: Option<(String, A)>,
    since: f64,
}

/// The messages there are. `A` is what the caller wants back when an action is clicked.
#[derive(Clone, Debug)]
pub struct Toasts<A> {
    toasts: Vec<Toast<A>>,
    next_nr: u64,
}

impl<A> Default for Toasts<A> {
    fn default() -> Self {
        Self {
            toasts: Vec::new(),
            next_nr: 0,
        }
    }
}

impl<A: Clone> Toasts<A> {
    /// Adds a message; `now` is in seconds and only ever grows.
    pub fn add(&mut self, kind: Kind, text: impl Into<String>, now: f64) {
        self.push(kind, text.into(), None, now);
    }

    /// Adds a message with an action.
    pub fn add_with(
        &mut self,
        kind: Kind,
        text: impl Into<String>,
        (label, action): (&str, A),
        now: f64,
    ) {
        self.push(kind, text.into(), Some((label.to_owned(), action)), now);
    }

    /// Number of messages on the screen.
    #[must_use]
    pub fn len(&self) -> usize {
        self.toasts.len()
    }

    /// Is there no message?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.toasts.is_empty()
    }

    /// Removes all messages.
    pub fn clear(&mut self) {
        self.toasts.clear();
    }

    /// Shows the messages; returns the action that was clicked. Its message is gone then.
    pub fn show(&mut self, ctx: &Context, now: f64) -> Option<A> {
        self.toasts.retain(|toast| !toast.is_over(now));
        if self.toasts.is_empty() {
            return None;
        }
        let offset = vec2(-EDGE, -EDGE - size::STATUS_BAR);
        let shown = egui::Area::new(Id::unique("annals_toasts"))
            .order(Order::Foreground)
            .anchor(Align2::RIGHT_BOTTOM, offset)
            .show(ctx, |ui| self.stack(ui, now));
        let rests = self.toasts.iter().filter_map(|toast| toast.rest(now));
        if let Some(rest) = rests.min_by(f64::total_cmp) {
            ctx.request_repaint_after_secs(seconds(rest));
        }
        shown.inner
    }

    fn push(&mut self, kind: Kind, text: String, action: Option<(String, A)>, now: f64) {
        self.toasts.push(Toast {
            nr: self.next_nr,
            kind,
            text,
            action,
            since: now,
        });
        self.next_nr += 1;
        if self.toasts.len() > MOST {
            let first = self
                .toasts
                .iter()
                .position(|toast| toast.kind != Kind::Error);
            self.toasts.remove(first.unwrap_or(0));
        }
    }

    fn stack(&mut self, ui: &mut Ui, now: f64) -> Option<A> {
        ui.spacing_mut().item_spacing.y = GAP;
        let mut clicked = None;
        let mut closed = None;
        for toast in &mut self.toasts {
            match toast.show(ui, now) {
                Some(Ask::Act) => {
                    closed = Some(toast.nr);
                    clicked = toast.action.as_ref().map(|(_, action)| action.clone());
                }
                Some(Ask::Close) => closed = Some(toast.nr),
                None => {}
            }
        }
        self.toasts.retain(|toast| Some(toast.nr) != closed);
        clicked
    }
}

enum Ask {
    Act,
    Close,
}

impl<A> Toast<A> {
    /// Seconds it still stays; nothing for an error.
    fn rest(&self, now: f64) -> Option<f64> {
        (self.kind != Kind::Error).then_some(self.since + STAY - now)
    }

    fn is_over(&self, now: f64) -> bool {
        self.rest(now).is_some_and(|rest| rest <= 0.0)
    }

    fn show(&mut self, ui: &mut Ui, now: f64) -> Option<Ask> {
        let t = tokens(ui);
        let action = self.action.as_ref().map(|(label, _)| button::link(label));
        let action_width = action.map_or(0.0, |action| action.size(ui).x + 4.0);
        let words = size::MESSAGE - 40.0 - action_width - 40.0;
        let mut job = text::job(&self.text, Face::Body, t.text);
        job.wrap = TextWrapping::wrap_at_width(words);
        let galley = ui.painter().layout_job(job);

        let height = (galley.size().y + 20.0).ceil().max(HEIGHT);
        let (rect, response) = ui.allocate_exact_size(vec2(size::MESSAGE, height), Sense::hover());
        ui.painter().add(ground(ui).paint(rect));
        let middle = rect.center().y;
        let sign = pos2(rect.left() + 20.0, middle);
        icons::paint(
            ui.painter(),
            sign,
            self.kind.icon(),
            size::ICON,
            self.kind.color(t),
        );
        let at = pos2(rect.left() + 40.0, middle - galley.size().y / 2.0);
        ui.painter().galley(at, galley, t.text);
        self.announce(ui, &response);
        let ask = buttons(ui, rect, action);
        if ui.rect_contains_pointer(rect) {
            self.since = now;
        }
        ask
    }

    /// Makes it speak: errors at once, everything else when there is a pause.
    fn announce(&self, ui: &Ui, response: &egui::Response) {
        let (role, live) = match self.kind {
            Kind::Error => (Role::Alert, accesskit::Live::Assertive),
            _ => (Role::Status, accesskit::Live::Polite),
        };
        response.widget_info(|| WidgetInfo::labeled(role, true, &self.text));
        ui.ctx()
            .accesskit_node_builder(response.id, |node| node.set_live(live));
    }
}

fn ground(ui: &Ui) -> Frame {
    Frame::popup(ui.style())
        .inner_margin(Margin::ZERO)
        .corner_radius(CornerRadius::same(size::CORNER_MENU))
}

/// The action and the close button at the right end.
fn buttons(ui: &mut Ui, rect: Rect, action: Option<button::Button<'_>>) -> Option<Ask> {
    let middle = rect.center().y;
    let side = size::BUTTON_SMALL;
    let close = Rect::from_center_size(pos2(rect.right() - 20.0, middle), vec2(side, side));
    let closes = button::icon_button(icons::CLOSE, "Close message", "")
        .small()
        .icon_size(size::ICON_SMALL);
    let mut ask = ui.place(close, closes).clicked().then_some(Ask::Close);
    if let Some(action) = action {
        let size = action.size(ui);
        let left = close.left() - 4.0 - size.x;
        let place = Rect::from_min_size(pos2(left, middle - size.y / 2.0), size);
        if ui.place(place, action).clicked() {
            ask = Some(Ask::Act);
        }
    }
    ask
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "at most a few seconds, and only to wake up in time"
)]
fn seconds(rest: f64) -> f32 {
    rest.max(0.0) as f32
}
