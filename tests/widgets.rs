//! The widgets, driven by name and role as a person or a screen reader would.

mod support;

use annals::ui::theme::{Face, format, icons, text, tokens};
use annals::ui::widgets::columns::{Column, Table};
use annals::ui::widgets::empty::Empty;
use annals::ui::widgets::field::Field;
use annals::ui::widgets::json_tree::{Form, JsonTree, Note, TreeRow, ValueKind};
use annals::ui::widgets::progress::Progress;
use annals::ui::widgets::rows::{RowClick, RowList, RowState, VirtualRows};
use annals::ui::widgets::tag::Sign;
use annals::ui::widgets::toast::{Kind, Toasts};
use annals::ui::widgets::tooltip::Tip;
use annals::ui::widgets::{button, kv, menu, segments};
use egui::accesskit::Role;
use egui::{Align, Key, Modifiers, Theme, Ui, Vec2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

const SIZE: [f32; 2] = [400.0, 300.0];

fn harness<'a, State: 'a>(
    state: State,
    draw: impl FnMut(&mut Ui, &mut State) + 'a,
) -> Harness<'a, State> {
    support::harness(SIZE, Theme::Dark, 1.0, state, draw)
}

// ---- long lists ----

#[derive(Default)]
struct List {
    n_rows: u64,
    rows: VirtualRows,
    selected: Option<u64>,
    clicked: Option<RowClick>,
    double_clicked: Option<u64>,
    visible: std::ops::Range<u64>,
    painted: u64,
}

impl List {
    fn of(n_rows: u64) -> Self {
        Self {
            n_rows,
            ..Self::default()
        }
    }

    fn ui(&mut self, ui: &mut Ui) {
        let label = |row: u64, state: RowState| {
            let selected = if state.selected { ", selected" } else { "" };
            format!("Row {}{selected}", format::count(row))
        };
        let list = RowList::new("Numbers", self.n_rows)
            .selected(self.selected)
            .label(&label);
        let mut painted = 0;
        let output = self.rows.show(ui, &list, |row| {
            painted += 1;
            let words = format!("number {}", row.nr);
            let color = tokens(&*row.ui).text;
            text::line(
                row.ui.painter(),
                row.rect,
                Align::Min,
                Face::Data,
                words,
                color,
            );
        });
        self.painted = painted;
        self.clicked = output.clicked.or(self.clicked);
        self.double_clicked = output.double_clicked.or(self.double_clicked);
        self.visible = output.visible;
        if let Some(click) = output.clicked {
            self.selected = Some(click.row);
        }
    }
}

fn list(n_rows: u64) -> Harness<'static, List> {
    harness(List::of(n_rows), |ui, list| list.ui(ui))
}

#[test]
fn a_click_on_the_text_of_a_row_selects_it() {
    let mut h = list(100);
    let row = h.get_by_label("Row 5").rect();
    let at = pos2(row.left() + 20.0, row.center().y);
    h.hover_at(at);
    h.drag_at(at);
    h.drop_at(at);
    h.run();
    assert_eq!(h.state().selected, Some(5));
    assert_eq!(h.state().clicked.unwrap().modifiers, Modifiers::NONE);
    assert!(h.query_by_label("Row 5, selected").is_some());
}

#[test]
fn a_click_keeps_the_keys_that_were_held() {
    let mut h = list(100);
    h.get_by_label("Row 3").click_modifiers(Modifiers::SHIFT);
    h.run();
    assert!(h.state().clicked.unwrap().modifiers.shift);
}

#[test]
fn rows_are_accessible_items_of_a_list() {
    let h = list(100);
    let row = h.get_by_label("Row 0");
    assert_eq!(row.accesskit_node().role(), Role::ListItem);
    let list = h.get_by_role_and_label(Role::List, "Numbers");
    assert!(list.rect().contains_rect(row.rect()));
}

#[test]
fn a_double_click_is_reported() {
    let builder = support::builder(SIZE, Theme::Dark, 1.0).with_step_dt(0.02);
    let mut h = builder.build_ui_state(|ui, list: &mut List| list.ui(ui), List::of(100));
    h.get_by_label("Row 3").click();
    h.get_by_label("Row 3").click();
    h.run_ok();
    assert_eq!(h.state().double_clicked, Some(3));
}

#[test]
fn a_row_has_a_menu() {
    let mut h = harness((VirtualRows::default(), None), |ui, (rows, chosen)| {
        rows.show(ui, &RowList::new("Numbers", 50), |row| {
            row.response.context_menu(|ui| {
                if menu::item(ui, Some(icons::COPY), "Copy event", "Ctrl C").clicked() {
                    *chosen = Some(row.nr);
                }
            });
        });
    });
    h.get_by_label("Row 7").click_secondary();
    h.run();
    h.get_by_role_and_label(Role::MenuItem, "Copy event")
        .click();
    h.run();
    assert_eq!(h.state().1, Some(7));
}

#[test]
fn only_rows_in_view_are_laid_out() {
    let h = list(1_000_000_000);
    assert_eq!(h.state().painted, 13);
    assert_eq!(h.state().visible, 0..13);
}

#[test]
fn a_far_row_is_in_view_in_the_same_frame() {
    let mut h = list(100_000_000);
    for row in [77_777_777, 99_999_999, 12, 50_000_000] {
        h.state_mut().rows.scroll_to(row);
        h.step();
        let label = format!("Row {}", format::count(row));
        let shown = h.get_by_label(&label).rect();
        assert!(
            shown.top() >= 0.0 && shown.bottom() <= SIZE[1],
            "{label} at {shown}"
        );
    }
}

#[test]
fn neighbors_move_the_list_by_no_more_than_needed() {
    let mut h = list(100_000_000);
    h.state_mut().rows.scroll_to(50_000_000);
    h.step();
    let before = h.state().rows.first_row();
    h.state_mut().rows.scroll_to(50_000_001);
    h.step();
    assert_eq!(h.state().rows.first_row(), before + 1);
    h.state_mut().rows.scroll_to(50_000_000);
    h.step();
    assert_eq!(h.state().rows.first_row(), before + 1);
    assert_eq!(h.state().rows.page(), 11);
}

#[test]
fn a_jump_can_end_in_the_middle() {
    let mut h = list(1_000_000);
    h.state_mut().rows.scroll_to_middle(500_000);
    h.step();
    let row = h.get_by_label("Row 500,000").rect();
    // Whole rows are shown, so that the middle is met to half a row.
    assert!((row.center().y - SIZE[1] / 2.0).abs() <= row.height() / 2.0 + 1.0);
    let first = h.state().rows.first_row();
    h.state_mut().rows.scroll_to_middle(500_003);
    h.step();
    assert_eq!(h.state().rows.first_row(), first);
}

#[test]
fn dragging_the_bar_goes_to_the_end_and_back() {
    let mut h = list(1_000_000_000);
    let x = SIZE[0] - 5.0;
    h.hover_at(pos2(x, 10.0));
    h.step();
    h.drag_at(pos2(x, 10.0));
    h.step();
    h.hover_at(pos2(x, 150.0));
    h.step();
    let middle = h.state().rows.first_row();
    assert!(middle.abs_diff(500_000_000) < 20_000_000, "{middle}");
    h.hover_at(pos2(x, 500.0));
    h.step();
    assert!(h.query_by_label("Row 999,999,999").is_some());
    h.hover_at(pos2(x, 10.0));
    h.step();
    assert!(h.query_by_label("Row 0").is_some());
    h.drop_at(pos2(x, 10.0));
    h.run();
    assert_eq!(
        h.state().selected,
        None,
        "the rows under the bar are not clicked"
    );
}

#[test]
fn the_wheel_scrolls_and_stops_at_the_end() {
    let mut h = list(20);
    h.hover_at(pos2(100.0, 100.0));
    h.step();
    let wheel = |points: f32| egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: vec2(0.0, points),
        source: egui::MouseWheelSource::Wheel,
        phase: egui::TouchPhase::Move,
        modifiers: Modifiers::NONE,
    };
    h.event(wheel(-48.0));
    h.run_steps(8);
    assert_eq!(
        (h.state().rows.first_row(), h.state().rows.frac()),
        (2, 0.0)
    );
    h.event(wheel(-9_999.0));
    h.run_steps(20);
    assert_eq!(
        (h.state().rows.first_row(), h.state().rows.frac()),
        (7, 0.5)
    );
    assert!(h.query_by_label("Row 19").is_some());
}

#[test]
fn a_list_that_got_shorter_shows_its_end() {
    let mut h = list(1_000);
    h.state_mut().rows.scroll_to(999);
    h.step();
    h.state_mut().n_rows = 3;
    h.step();
    assert!(h.query_by_label("Row 0").is_some());
    h.state_mut().n_rows = 0;
    h.step();
    assert_eq!(h.state().painted, 0);
}

#[test]
fn a_list_is_one_stop_of_the_keyboard_and_keeps_the_arrows() {
    let mut h = harness(List::of(50), |ui, list| {
        ui.add(button::normal("Before"));
        let top = ui.cursor().top();
        let rect = egui::Rect::from_min_max(pos2(0.0, top), pos2(SIZE[0], 200.0));
        list.ui(&mut ui.new_child(egui::UiBuilder::new().max_rect(rect)));
        ui.advance_cursor_after_rect(rect);
        ui.add(button::normal("After"));
    });
    h.get_by_label("Before").focus();
    h.run();
    h.key_press(Key::Tab);
    h.run();
    assert!(!h.get_by_label("Before").is_focused());
    for key in [Key::ArrowDown, Key::ArrowUp, Key::ArrowRight] {
        h.key_press(key);
        h.run();
        assert!(!h.get_by_label("Before").is_focused() && !h.get_by_label("After").is_focused());
    }
    h.key_press(Key::Tab);
    h.run();
    assert!(h.get_by_label("After").is_focused());
}

// ---- tables and trees ----

#[test]
fn columns_are_resized_by_the_edge_of_their_head() {
    let columns = [
        Column::new("Position", 90.0).right(),
        Column::new("Type", 90.0).sorts(),
        Column::new("Data", 60.0).grows(),
    ];
    let mut h = harness((Table::default(), None), move |ui, (table, clicked)| {
        let list = RowList::new("Events", 5);
        let output = table.show(ui, &list, &columns, None, |cells| {
            cells.data(0, format::count(cells.row.nr));
            cells.words(1, "PaymentReceived and a long tail");
            cells.data2(2, "{ amount: 149.00 }");
        });
        *clicked = output.head_clicked.map(|(column, _)| column).or(*clicked);
    });
    assert_eq!(h.get_by_label("Row 1").accesskit_node().role(), Role::Row);
    let before = h.get_by_label("Type").rect();
    let edge = h.get_by_label("Edge of Type").rect().center();
    h.hover_at(edge);
    h.step();
    h.drag_at(edge);
    h.step();
    h.hover_at(edge + vec2(40.0, 0.0));
    h.step();
    h.step();
    h.drop_at(edge + vec2(40.0, 0.0));
    h.run();
    let after = h.get_by_label("Type").rect();
    assert!(
        (after.width() - before.width() - 40.0).abs() <= 1.0,
        "{before} {after}"
    );
    assert_eq!(h.get_by_label("Data").rect().right(), SIZE[0]);
    h.get_by_role_and_label(Role::ColumnHeader, "Data").click();
    h.run();
    assert_eq!(h.state().1, None, "only a column that sorts reports clicks");
    h.get_by_role_and_label(Role::ColumnHeader, "Type").click();
    h.run();
    assert_eq!(h.state().1, Some(1));
    h.get_by_role_and_label(Role::ColumnHeader, "Type")
        .click_secondary();
    h.run();
    h.get_by_role_and_label(Role::MenuItemRadio, "Data").click();
    h.run();
    assert!(
        h.query_by_role_and_label(Role::ColumnHeader, "Data")
            .is_none()
    );
}

#[derive(Default)]
struct Fields {
    tree: JsonTree,
    folded: bool,
    selected: Option<u64>,
    note: Option<u64>,
}

fn fields(ui: &mut Ui, state: &mut Fields) {
    let color = tokens(ui).category(0);
    let note = Note {
        color,
        lead: "v7".to_owned(),
        text: "DiscountApplied".to_owned(),
    };
    let mut rows = vec![TreeRow {
        key: "order".to_owned(),
        kind: ValueKind::Container,
        folded: Some(state.folded),
        ..TreeRow::default()
    }];
    if !state.folded {
        rows.push(TreeRow {
            depth: 1,
            key: "balance".to_owned(),
            value: "-50.00".to_owned(),
            kind: ValueKind::Number,
            sign: Sign::Changed,
            old: Some("0.00".to_owned()),
            note: Some(note),
            ..TreeRow::default()
        });
    }
    let sentence = |row: u64, _| match row {
        0 => "order".to_owned(),
        _ => "balance, changed from 0.00 to minus 50.00".to_owned(),
    };
    let list = RowList::new("State", 0)
        .selected(state.selected)
        .label(&sentence);
    let output = state
        .tree
        .show(ui, list, &rows, Form::State(Some("Last set by")));
    if output.toggled.is_some() {
        state.folded = !state.folded;
    }
    state.note = output.note_clicked.or(state.note);
    if let Some(click) = output.rows.clicked {
        state.selected = Some(click.row);
    }
}

#[test]
fn a_tree_folds_selects_and_tells_who_set_a_value() {
    let mut h = harness(Fields::default(), fields);
    let balance = "balance, changed from 0.00 to minus 50.00";
    assert_eq!(
        h.get_by_label(balance).accesskit_node().role(),
        Role::TreeItem
    );
    h.get_by_label(balance).click();
    h.run();
    assert_eq!(h.state().selected, Some(1));
    h.get_by_label("balance was set by v7 DiscountApplied")
        .click();
    h.run();
    assert_eq!(h.state().note, Some(1));
    h.get_by_label("Fold order").click();
    h.run();
    assert!(h.state().folded);
    assert!(h.query_by_label(balance).is_none());
    assert!(h.query_by_label("Unfold order").is_some());
    assert_eq!(h.state().selected, Some(1), "the caret does not select");
}

// ---- controls ----

#[test]
fn segments_exclude_each_other() {
    let mut h = harness((0_u8, 0), |ui, (value, changes)| {
        let choices = [(0, "Time"), (1, "Sequence")];
        *changes += i32::from(segments::segments(ui, "Axis", value, &choices));
    });
    assert!(
        h.query_by_role_and_label(Role::RadioGroup, "Axis")
            .is_some()
    );
    h.get_by_label("Sequence").click();
    h.run();
    assert_eq!(*h.state(), (1, 1));
    h.get_by_label("Sequence").click();
    h.run();
    assert_eq!(*h.state(), (1, 1), "the same choice again is no change");
}

#[derive(Default)]
struct Search {
    text: String,
    n_changes: u32,
    submitted: bool,
    escaped: bool,
}

fn search(ui: &mut Ui, state: &mut Search) {
    let field = Field::filter("Filter streams").key_cap("/");
    let output = field.show(ui, &mut state.text);
    state.n_changes += u32::from(output.changed);
    state.submitted |= output.submitted;
    state.escaped |= output.escaped;
}

#[test]
fn a_search_box_reports_what_happens_to_it() {
    let mut h = harness(Search::default(), search);
    // A click on the frame, beside the text, gives it the keyboard too.
    let frame = h.get_by_label("Filter streams").rect();
    let at = pos2(frame.left() - 12.0, frame.center().y);
    h.hover_at(at);
    h.drag_at(at);
    h.drop_at(at);
    h.run();
    assert!(h.get_by_label("Filter streams").is_focused());
    h.get_by_label("Filter streams").type_text("order");
    h.run();
    assert_eq!(h.state().text, "order");
    assert!(h.state().n_changes >= 1 && !h.state().submitted);
    h.key_press(Key::Enter);
    h.run();
    assert!(h.state().submitted && !h.state().escaped);
    h.get_by_label("Filter streams").focus();
    h.run();
    h.key_press(Key::Escape);
    h.run();
    assert!(h.state().escaped);
    h.get_by_label("Clear Filter streams").click();
    h.run();
    assert_eq!(h.state().text, "");
    assert!(h.get_by_label("Filter streams").is_focused());
}

#[test]
fn buttons_click_toggle_and_say_why_they_do_not() {
    let mut h = harness((false, 0, 0), |ui, (on, opened, refused)| {
        if ui
            .add(button::toggle(*on, "Blame").icon(icons::BLAME))
            .clicked()
        {
            *on = !*on;
        }
        let open = button::primary("Open").tip(Tip::new("Open a store").key("Ctrl O"));
        *opened += i32::from(ui.add(open).clicked());
        let off = button::normal("Graph").enabled(false, "This store has no causation column");
        *refused += i32::from(ui.add(off).clicked());
        ui.add(button::icon_button(icons::EXPORT, "Export", "Ctrl E"));
    });
    for name in ["Blame", "Open", "Graph", "Export"] {
        h.get_by_label(name).click();
        h.run();
    }
    assert_eq!(*h.state(), (true, 1, 0));
    let toggled = h.get_by_label("Blame").accesskit_node().toggled();
    assert_eq!(toggled, Some(egui::accesskit::Toggled::True));
    assert!(h.get_by_label("Graph").accesskit_node().is_disabled());
    h.get_by_label("Graph").hover();
    h.run_steps(6);
    assert!(
        h.query_by_label("This store has no causation column")
            .is_some()
    );
}

#[test]
fn the_focus_ring_is_for_those_who_use_keys() {
    let mut h = harness((), |ui, ()| {
        ui.add(button::normal("One"));
        ui.add(button::normal("Two"));
    });
    let ink = |h: &mut Harness<'_, ()>| {
        let accent = tokens(&h.ctx).accent.to_array();
        let picture = h.render().unwrap();
        picture.pixels().filter(|pixel| pixel.0 == accent).count()
    };
    h.get_by_label("One").click();
    h.run();
    h.get_by_label("One").focus();
    h.run();
    assert_eq!(ink(&mut h), 0);
    h.key_press(Key::Tab);
    h.run();
    assert!(h.get_by_label("Two").is_focused());
    assert!(ink(&mut h) > 40);
}

#[test]
fn a_dropdown_shows_its_value_and_takes_another() {
    let mut h = harness(0_u8, |ui, value| {
        menu::dropdown(ui, "Speed", value, &[(0, "1 h / s"), (1, "2 ev / s")]);
    });
    h.get_by_label("Speed: 1 h / s").click();
    h.run();
    h.get_by_role_and_label(Role::MenuItemRadio, "2 ev / s")
        .click();
    h.run();
    assert_eq!(*h.state(), 1);
    assert!(
        h.query_by_role(Role::MenuItemRadio).is_none(),
        "the menu is closed"
    );
}

// ---- blocks ----

#[test]
fn an_empty_state_offers_a_way_on() {
    let mut h = harness(None, |ui, clicked| {
        let empty = Empty::new("No events match this filter")
            .why("order has DiscountApplied, but never amount > 500")
            .button(button::normal("Clear filter"))
            .button(button::quiet("Details"));
        *clicked = empty.show(ui).or(*clicked);
    });
    h.get_by_label("Details").click();
    h.run();
    assert_eq!(*h.state(), Some(1));
}

#[test]
fn progress_is_read_out_and_can_be_stopped() {
    let mut h = harness(false, |ui, stopped| {
        *stopped |= Progress {
            what: "Running revenue-by-day",
            count: "758,114 of 1,204,417",
            share: Some(0.63),
            caption: "",
            can_stop: true,
        }
        .show(ui);
    });
    let label = "Running revenue-by-day, 63 percent";
    assert!(
        h.query_by_role_and_label(Role::ProgressIndicator, label)
            .is_some()
    );
    h.get_by_label("Stop").click();
    h.run();
    assert!(*h.state());
}

#[test]
fn a_key_and_its_value_have_one_name() {
    let h = harness((), |ui, ()| {
        let color = tokens(ui).text;
        kv::kv_text(ui, "User", Face::Data, "svc-payments", color);
    });
    assert!(h.query_by_label("User: svc-payments").is_some());
}

struct Messages {
    toasts: Toasts<&'static str>,
    now: f64,
    action: Option<&'static str>,
}

fn messages() -> Harness<'static, Messages> {
    let mut toasts = Toasts::default();
    toasts.add_with(Kind::Done, "Report saved", ("Open", "open it"), 0.0);
    toasts.add(Kind::Error, "The disk is full", 0.0);
    let state = Messages {
        toasts,
        now: 0.0,
        action: None,
    };
    harness(state, |ui, state| {
        let action = state.toasts.show(ui.ctx(), state.now);
        state.action = action.or(state.action);
    })
}

#[test]
fn messages_leave_after_six_seconds_and_errors_stay() {
    let mut h = messages();
    h.state_mut().now = 5.9;
    h.step();
    assert_eq!(h.state().toasts.len(), 2);
    h.state_mut().now = 6.0;
    h.step();
    assert_eq!(h.state().toasts.len(), 1);
    assert!(
        h.query_by_role_and_label(Role::Alert, "The disk is full")
            .is_some()
    );
    h.state_mut().now = 9_999.0;
    h.step();
    h.get_by_label("Close message").click();
    h.run_ok();
    assert!(h.state().toasts.is_empty());
}

#[test]
fn a_message_stays_while_the_pointer_is_on_it() {
    let mut h = messages();
    h.get_by_role_and_label(Role::Status, "Report saved")
        .hover();
    h.step();
    for now in [5.0, 10.0, 15.0] {
        h.state_mut().now = now;
        h.step();
    }
    assert_eq!(h.state().toasts.len(), 2);
}

#[test]
fn the_action_of_a_message_comes_back_to_the_caller() {
    let mut h = messages();
    h.get_by_label("Open").click();
    h.run_ok();
    assert_eq!(h.state().action, Some("open it"));
    assert_eq!(h.state().toasts.len(), 1);
}

#[test]
fn a_bad_size_does_no_harm() {
    for size in [
        Vec2::new(1.0, 1.0),
        Vec2::new(30.0, 400.0),
        Vec2::new(400.0, 8.0),
    ] {
        let mut h = support::harness(size, Theme::Light, 1.0, List::of(1_000_000), |ui, list| {
            list.ui(ui);
        });
        h.state_mut().rows.scroll_to(999_999);
        h.step();
        let columns = [Column::new("A", 90.0), Column::new("B", 60.0).grows()];
        let mut h = support::harness(size, Theme::Light, 1.5, Table::default(), |ui, table| {
            table.show(ui, &RowList::new("Events", 5), &columns, None, |cells| {
                cells.words(0, "words");
                cells.swatch(1, cells.color(), "words");
            });
        });
        h.step();
    }
}
