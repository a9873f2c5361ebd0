//! Following a file that another program goes on writing: one look after another, off the frame.

use std::sync::Arc;
use std::time::Duration;

use crate::job::{FollowTask, Following, Job, Kind};
use crate::source::{OpenOptions, Source};
use crate::workbench::{Action, FollowNews, Live};

use super::app::App;

/// How long is waited between two looks: short enough for events to be there within half a second,
/// though a history that takes long to answer questions is taken in less often.
const PAUSE: Duration = Duration::from_millis(250);
/// What runs comes to its end before a further history makes it begin anew, unless it takes longer.
const PATIENCE: Duration = Duration::from_secs(5);
/// Work that begins anew with each history.
const LONG_WORK: [Kind; 8] = [
    Kind::Filter,
    Kind::When,
    Kind::Audit,
    Kind::Project,
    Kind::Gather,
    Kind::Table,
    Kind::Causes,
    Kind::Graph,
];

/// How often it is looked, while the window is used, whether the file has grown that is not followed.
const WATCH: Duration = Duration::from_secs(3);

/// A following that goes on.
pub(super) struct Followed {
    number: u64,
    following: Following,
    source: Source,
    options: OpenOptions,
    is_asked: bool,
    next: Duration,
    /// When a history was taken in last.
    taken: Duration,
}

impl App {
    /// Follows the file from its end on; where it is followed and the view stands in the past, goes to
    /// the end; else leaves off.
    pub(super) fn toggle_live(&mut self) {
        if !self.workbench.live.is_on() {
            self.begin_live();
        } else if self.workbench.is_at_end() {
            self.end_live();
        } else {
            self.go_to_end();
        }
    }

    fn begin_live(&mut self) {
        let Some(followed) = self.following() else {
            if self.workbench.history.is_some() {
                self.complain("This cannot be followed: only a single file can be");
            }
            return;
        };
        self.watched = None;
        self.followed = Some(followed);
        self.workbench.live = Live::On {
            n_waiting: 0,
            is_busy: false,
        };
        self.go_to_end();
    }

    /// What follows the file that is open, from now on.
    fn following(&mut self) -> Option<Followed> {
        let inputs = &self.workbench.history.as_ref()?.about.inputs;
        let [path] = inputs.as_slice() else {
            return None;
        };
        self.live_number += 1;
        Some(Followed {
            number: self.live_number,
            following: Following::default(),
            source: Source::File(path.clone()),
            options: self.opened_with.clone(),
            is_asked: false,
            next: self.now,
            taken: self.now,
        })
    }

    /// Finds out now and then whether a file that is not followed has grown. Asks for no frame: while
    /// nobody uses the window nothing is looked at.
    fn watch(&mut self) {
        let now = self.now;
        let is_whole = |history: &Arc<crate::history::History>| {
            history.is_complete && history.about.inputs.len() == 1
        };
        let Some(history) = self.workbench.history.clone().filter(is_whole) else {
            self.watched = None;
            return;
        };
        if self.is_steady || self.workbench.opening.is_some() {
            return;
        }
        if self.watched.is_none() && self.told_of != Some(self.workbench.generation) {
            self.watched = self.following();
            if let Some(watched) = &mut self.watched {
                watched.next = now + WATCH;
            }
        }
        let Some(watched) = &mut self.watched else {
            return;
        };
        if watched.is_asked || now < watched.next {
            return;
        }
        watched.is_asked = true;
        let task = FollowTask {
            number: watched.number,
            following: Arc::clone(&watched.following),
            history,
            source: watched.source.clone(),
            options: watched.options.clone(),
            takes: false,
            only_asks: true,
        };
        self.request(Job::Follow(Box::new(task)), "the file may have grown");
    }

    /// Says once that the file has grown.
    fn take_watched(&mut self, news: Result<FollowNews, String>) {
        let n_new = match news {
            Ok(news) if news.n_waiting == 0 => {
                if let Some(watched) = &mut self.watched {
                    watched.is_asked = false;
                    watched.next = self.now + WATCH;
                }
                return;
            }
            Ok(news) => news.n_waiting,
            Err(why) => {
                tracing::info!(why, "the file is not looked at any more");
                0
            }
        };
        self.watched = None;
        self.told_of = Some(self.workbench.generation);
        if n_new > 0 {
            let noun = if n_new == 1 { "event" } else { "events" };
            let n_new = crate::ui::theme::format::count(n_new as u64);
            let offer = ("Follow live".to_owned(), Action::ToggleLive);
            let text = format!("{n_new} new {noun} in the file");
            self.workbench.say(text, false, self.now, Some(offer));
        }
    }

    fn go_to_end(&mut self) {
        let last = self.workbench.history.as_ref();
        if let Some(last) = last.and_then(|history| history.log.last()) {
            let now = self.now;
            self.workbench.move_to(last, now);
        }
    }

    /// Leaves off following.
    pub(super) fn end_live(&mut self) {
        self.followed = None;
        self.watched = None;
        self.runner.stop(Kind::Follow);
        self.workbench.live = Live::Off;
    }

    /// Asks for the next look where it is time.
    pub(super) fn look_at_live(&mut self, ctx: &egui::Context) {
        let is_busy = LONG_WORK.iter().any(|kind| self.runner.is_busy(*kind));
        let is_at_end = self.workbench.is_at_end() && !self.workbench.is_playing;
        let now = self.now;
        let (Some(followed), Some(history)) = (&mut self.followed, &self.workbench.history) else {
            self.watch();
            return;
        };
        if followed.is_asked || now < followed.next || self.workbench.opening.is_some() {
            let rest = followed.next.saturating_sub(now);
            ctx.request_repaint_after(rest.max(Duration::from_millis(20)));
            return;
        }
        let waits = is_busy && now.saturating_sub(followed.taken) < PATIENCE;
        followed.is_asked = true;
        let task = FollowTask {
            number: followed.number,
            following: Arc::clone(&followed.following),
            history: Arc::clone(history),
            source: followed.source.clone(),
            options: followed.options.clone(),
            takes: is_at_end && !waits,
            only_asks: false,
        };
        self.request(Job::Follow(Box::new(task)), "the file is followed");
        ctx.request_repaint_after(PAUSE);
    }

    /// Takes in what a look has brought.
    pub(super) fn take_news(&mut self, number: u64, news: Result<FollowNews, String>) {
        let now = self.now;
        if self
            .watched
            .as_ref()
            .is_some_and(|one| one.number == number)
        {
            self.take_watched(news);
            return;
        }
        let Some(followed) = self.followed.as_mut().filter(|one| one.number == number) else {
            return;
        };
        followed.is_asked = false;
        followed.next = now + PAUSE;
        match news {
            Ok(news) => {
                self.workbench.live = Live::On {
                    n_waiting: news.n_waiting,
                    is_busy: news.is_busy,
                };
                if let Some(history) = news.history {
                    followed.taken = now;
                    self.runner.stop(Kind::Project);
                    self.workbench.projecting.forget_answers();
                    let was_audited = self.audited.is_some();
                    self.workbench.grow_history(history);
                    // An audit is of what it saw; another one is asked for by hand.
                    self.audited = was_audited.then_some(self.workbench.generation);
                }
            }
            Err(why) => {
                self.followed = None;
                let name = self.workbench.history.as_ref();
                let name = name.map_or_else(String::new, |history| history.about.name().to_owned());
                self.workbench.live = Live::Ended(why.clone());
                let offer = self.followed_path().map(|path| {
                    let open = Action::OpenPath(path);
                    ("Open again".to_owned(), open)
                });
                let text = format!("{name} is not followed any longer: {why}");
                self.workbench.say(text, true, now, offer);
            }
        }
    }

    fn followed_path(&self) -> Option<std::path::PathBuf> {
        self.workbench
            .history
            .as_ref()?
            .about
            .inputs
            .first()
            .cloned()
    }
}
