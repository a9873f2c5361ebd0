//! Following a file that another program goes on writing: one look after another, off the frame.

use std::sync::Arc;
use std::time::Duration;

use crate::job::{FollowTask, Following, Job, Kind};
use crate::source::{OpenOptions, Source};
use crate::workbench::{FollowNews, Live};

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
        let Some(history) = &self.workbench.history else {
            return;
        };
        let [path] = history.about.inputs.as_slice() else {
            self.complain("This cannot be followed: only a single file can be");
            return;
        };
        self.live_number += 1;
        self.followed = Some(Followed {
            number: self.live_number,
            following: Following::default(),
            source: Source::File(path.clone()),
            options: self.opened_with.clone(),
            is_asked: false,
            next: self.now,
            taken: self.now,
        });
        self.workbench.live = Live::On {
            n_waiting: 0,
            is_busy: false,
        };
        self.go_to_end();
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
        self.runner.stop(Kind::Follow);
        self.workbench.live = Live::Off;
    }

    /// Asks for the next look where it is time.
    pub(super) fn look_at_live(&mut self, ctx: &egui::Context) {
        let is_busy = LONG_WORK.iter().any(|kind| self.runner.is_busy(*kind));
        let is_at_end = self.workbench.is_at_end() && !self.workbench.is_playing;
        let now = self.now;
        let (Some(followed), Some(history)) = (&mut self.followed, &self.workbench.history) else {
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
        };
        self.request(Job::Follow(Box::new(task)), "the file is followed");
        ctx.request_repaint_after(PAUSE);
    }

    /// Takes in what a look has brought.
    pub(super) fn take_news(&mut self, number: u64, news: Result<FollowNews, String>) {
        let now = self.now;
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
                    let open = crate::workbench::Action::OpenPath(path);
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
