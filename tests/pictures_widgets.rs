//! Two pictures of every widget, dark and light, beside the design's component sheet.
//!
//! `UPDATE_SNAPSHOTS=1 cargo test --test pictures_widgets` writes them anew.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod support;

use annals::ui::theme::{Face, format, icons, size, text, tokens};
use annals::ui::widgets::columns::{Column, Sort, Table};
use annals::ui::widgets::empty::Empty;
use annals::ui::widgets::field::Field;
use annals::ui::widgets::json_tree::{Form, JsonTree, Note, TreeRow, ValueKind};
use annals::ui::widgets::progress::Progress;
use annals::ui::widgets::rows::{RowList, VirtualRows};
use annals::ui::widgets::tag::{Sign, Tone};
use annals::ui::widgets::toast::{Kind, Toasts};
use annals::ui::widgets::tooltip::Tip;
use annals::ui::widgets::{
    button, focus_ring, kbd, kv, menu, meter, rows, section, segments, skeleton, sparkline, swatch,
    tag,
};
use egui::{Align, Frame, Rect, Theme, Ui, UiBuilder, pos2, vec2};

const SIZE: [f32; 2] = [1360.0, 800.0];

#[test]
fn all_widgets_dark() {
    picture(Theme::Dark, "widgets_dark");
}

#[test]
fn all_widgets_light() {
    picture(Theme::Light, "widgets_light");
}

fn picture(theme: Theme, name: &str) {
    let mut harness = support::harness(SIZE, theme, 1.0, Sheet::new(), |ui, sheet| sheet.ui(ui));
    harness.run_ok();
    harness.snapshot(name);
}

/// Everything on the sheet that has a state.
struct Sheet {
    filter: String,
    query: String,
    wrong: String,
    nothing: String,
    axis: u8,
    step: u8,
    rows: VirtualRows,
    idle: VirtualRows,
    events: Table,
    state: JsonTree,
    data: JsonTree,
    toasts: Toasts<()>,
}

impl Sheet {
    fn new() -> Self {
        let mut toasts = Toasts::default();
        toasts.add_with(Kind::Done, "Report saved to audit.html", ("Open", ()), 0.0);
        toasts.add_with(
            Kind::Warning,
            "312 new events in the file",
            ("Follow live", ()),
            0.0,
        );
        toasts.add(
            Kind::Error,
            "The report could not be saved: the disk is full. Nothing was written.",
            0.0,
        );
        let mut events = Table::default();
        events.rows.scroll_to_top(861_200);
        Self {
            filter: String::new(),
            query: "type:Order*".to_owned(),
            wrong: "data.total>abc".to_owned(),
            nothing: String::new(),
            axis: 0,
            step: 1,
            rows: VirtualRows::default(),
            idle: VirtualRows::default(),
            events,
            state: JsonTree::default(),
            data: JsonTree::default(),
            toasts,
        }
    }

    fn ui(&mut self, ui: &mut Ui) {
        let t = tokens(ui);
        let columns = [0.0, 300.0, 700.0, 1040.0, SIZE[0]];
        for x in &columns[1..4] {
            ui.painter().vline(*x, 0.0..=SIZE[1], (1.0, t.line));
        }
        place(ui, columns[0], columns[1], |ui| self.controls(ui));
        place(ui, columns[1], columns[2], |ui| self.lists(ui));
        place(ui, columns[2], columns[3], blocks);
        place(ui, columns[3], columns[4], |ui| self.more(ui));
        self.toasts.show(ui.ctx(), 1.0);
    }

    fn controls(&mut self, ui: &mut Ui) {
        section::section(ui, "Buttons, 28 high");
        padded(ui, |ui| {
            buttons(ui, true);
            buttons(ui, false);
            ui.horizontal(|ui| {
                ui.add(button::toggle(true, "Blame").icon(icons::BLAME));
                ui.add(
                    button::toggle(false, "Blame")
                        .icon(icons::BLAME)
                        .name("Blame off"),
                );
            });
            ui.horizontal(|ui| {
                ui.add(button::normal("Add handler").small());
                ui.add(button::normal("Clear filter").small().key_cap("Esc"));
                ui.add(button::link("Follow"));
            });
            ui.horizontal(|ui| {
                ui.add(button::primary("Stop").icon(icons::STOP).key_cap("Esc"));
                let focused = ui.add(button::normal("Run again").icon(icons::RUN_AGAIN));
                let ring = focused.rect.expand(2.0);
                ui.painter().rect_stroke(
                    ring,
                    6.0,
                    (1.5, tokens(ui).accent),
                    egui::StrokeKind::Outside,
                );
            });
            ui.horizontal(|ui| {
                segments::segments(ui, "Axis", &mut self.axis, &[(0, "Time"), (1, "Sequence")]);
                menu::dropdown(
                    ui,
                    "Speed",
                    &mut self.step,
                    &[(0, "1 h / s"), (1, "2 ev / s")],
                );
            });
            segments::segments_with_icons(
                ui,
                "Plot",
                &mut self.step,
                &[
                    (0, "Step", icons::STEP_PLOT),
                    (1, "Bars", icons::BAR_PLOT),
                    (2, "Line", icons::LINE_PLOT),
                ],
            );
        });
        self.fields(ui);
        tags_and_type(ui);
    }

    fn fields(&mut self, ui: &mut Ui) {
        section::section(ui, "Fields");
        padded(ui, |ui| {
            Field::filter("Filter streams")
                .key_cap("/")
                .show(ui, &mut self.filter);
            Field::filter("Filter events")
                .data()
                .show(ui, &mut self.query);
            Field::filter("Filter states")
                .data()
                .problem("total holds numbers here, abc is text")
                .show(ui, &mut self.wrong);
            Field::filter("Filter")
                .hint("Filter, such as")
                .example("type:Order*")
                .key_cap("/")
                .small()
                .show(ui, &mut self.nothing);
            ui.add_enabled_ui(false, |ui| {
                Field::new("Causation")
                    .hint("No causation column")
                    .show(ui, &mut self.nothing);
            });
        });
    }

    fn lists(&mut self, ui: &mut Ui) {
        section::section_with(ui, "Rows, 24 high", |ui| {
            tag::tag(ui, Tone::Neutral, "10^9 rows");
        });
        framed(ui, 5.0 * size::ROW, |ui| {
            let list = RowList::new("Rows", 1_000_000_000)
                .selected(Some(1))
                .has_keyboard(true);
            self.rows.show(ui, &list, |row| {
                let words = ["rest", "selected", "rest", "after the playhead", "loading"];
                sample_row(row, words[usize::try_from(row.nr).unwrap().min(4)]);
            });
        });
        framed(ui, 2.0 * size::ROW, |ui| {
            let list = RowList::new("Idle rows", 2)
                .selected(Some(0))
                .focused(Some(1))
                .has_keyboard(false);
            self.idle.show(ui, &list, |row| {
                sample_row(
                    row,
                    ["selected, idle tile", "keyboard focus"][usize::try_from(row.nr).unwrap()],
                );
                if row.nr == 1 {
                    focus_ring::inside(row.ui, row.rect);
                }
            });
        });
        section::section(ui, "Table");
        framed(ui, 170.0, |ui| self.table(ui));
        section::section(ui, "State");
        framed(ui, 220.0, |ui| {
            let rows = state_rows(ui);
            let list = RowList::new("State", 0)
                .selected(Some(4))
                .has_keyboard(true)
                .label(&|row, _| format!("field {row}"));
            self.state
                .show(ui, list, &rows, Form::State(Some("Last set by")));
        });
    }

    fn table(&mut self, ui: &mut Ui) {
        let columns = [
            Column::new("Position", 78.0).right().sorts(),
            Column::new("\u{394}t", 64.0).right(),
            Column::new("Type", 90.0).grows(),
            Column::new("Data", 90.0),
        ];
        let sort = Some(Sort {
            column: 0,
            descending: false,
        });
        let future = |row: u64| row > 861_202;
        let list = RowList::new("Events", 1_204_417)
            .selected(Some(861_202))
            .has_keyboard(true)
            .future(&future);
        self.events.show(ui, &list, &columns, sort, |cells| {
            let t = tokens(&*cells.row.ui);
            let nr = usize::try_from(cells.row.nr % 12).unwrap();
            cells.data(0, format::count(cells.row.nr));
            cells.data2(
                1,
                format::duration(i64::try_from(cells.row.nr % 7).unwrap() * 631_000_000),
            );
            let color = t.swatch(nr, cells.row.state.future);
            cells.swatch(
                2,
                color,
                ["PaymentReceived", "StockReserved", "OrderPlaced"][nr % 3],
            );
            cells.data2(3, "{ amount: 149.00 }");
        });
    }

    fn more(&mut self, ui: &mut Ui) {
        section::section_with(ui, "Data", |ui| {
            tag::tag(ui, Tone::Neutral, "JSON, 214 B");
        });
        framed(ui, 6.0 * size::ROW, |ui| {
            let list = RowList::new("Data", 0).label(&|row, _| format!("data {row}"));
            self.data.show(ui, list, &data_rows(), Form::Plain);
        });
        section::section(ui, "Metadata");
        let t = tokens(ui);
        kv::kv_text(
            ui,
            "Correlation",
            Face::Data,
            "8c41e0b7\u{2026}d29f",
            t.accent,
        );
        kv::kv(ui, "Caused by", |ui| {
            ui.label(text::data("#861,203").color(t.accent));
            ui.label(text::row("PaymentCaptured"));
        });
        kv::kv_text(
            ui,
            "Event id",
            Face::Data,
            "0f9d6c1e-5a77-4c0e-b1f8-123456789abc",
            t.text2,
        );
        section::section(ui, "Counts");
        for (i, (name, count)) in [("order", 391_204), ("cart", 268_951), ("refund", 18_240)]
            .into_iter()
            .enumerate()
        {
            count_row(ui, i, name, count);
        }
        section::section(ui, "Tooltip and menu");
        ui.horizontal(|ui| {
            ui.add_space(size::SIDE);
            floating(ui, |ui| {
                ui.set_width(120.0);
                Tip::new("Time travel")
                    .key("T")
                    .sentence("The stream at this moment")
                    .ui(ui);
            });
            floating(ui, |ui| {
                ui.set_width(136.0);
                menu::item(ui, Some(icons::TIME_TRAVEL), "Time travel", "T");
                menu::item(ui, Some(icons::BOOKMARK.outline()), "Bookmark", "M");
                menu::separator(ui);
                menu::choice_item(ui, true, "Linear");
            });
        });
    }
}

fn tags_and_type(ui: &mut Ui) {
    section::section(ui, "Tags, signs and keys");
    padded(ui, |ui| {
        ui.horizontal(|ui| {
            for (tone, label) in [
                (Tone::Neutral, "Eventuous"),
                (Tone::Accent, "Snapshots"),
                (Tone::Ok, "4 added"),
                (Tone::Warn, "4 changed"),
            ] {
                tag::tag(ui, tone, label);
            }
        });
        ui.horizontal(|ui| {
            tag::tag(ui, Tone::Err, "1 removed");
            for sign in [Sign::Added, Sign::Changed, Sign::Removed] {
                tag::sign(ui, sign);
            }
            for key in ["Ctrl K", "[", "]", "/"] {
                kbd::key_cap(ui, key);
            }
        });
    });
    section::section(ui, "Type");
    padded(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        ui.label(text::title("Title 20 / 28"));
        ui.label(text::heading("Heading 15 / 20"));
        ui.label(text::body("Body 13 / 20"));
        ui.label(text::row("Row 12 / 16"));
        ui.label(text::small("Caption 11 / 16").weak());
        ui.label(text::data("Data 12 / 16, 0123456789 \u{2212}50.00 != ->"));
        ui.label(text::data_small("Data small 11 / 16, 391 k"));
    });
}

fn blocks(ui: &mut Ui) {
    section::section(ui, "Empty, no events match");
    framed(ui, 140.0, |ui| {
        Empty::new("No events match this filter")
            .why("order has DiscountApplied, but never amount > 500")
            .button(
                button::normal("Clear filter")
                    .small()
                    .key_cap("Esc")
                    .name("Clear this filter"),
            )
            .button(button::quiet("Remove it").small())
            .show(ui);
    });
    section::section(ui, "Empty, nothing selected");
    framed(ui, 110.0, |ui| {
        Empty::new("Select a stream to see its state")
            .icon(icons::TIME_TRAVEL)
            .press("Press", "G", "to go to one by name")
            .show(ui);
    });
    section::section(ui, "Loading, usable while it reads");
    padded(ui, |ui| {
        Progress {
            what: "Reading events",
            count: "748,000 of 1,204,417",
            share: Some(0.62),
            caption: "The timeline is complete up to Dec 2023",
            can_stop: true,
        }
        .show(ui);
    });
    section::section(ui, "Error, with the way out");
    framed(ui, 140.0, |ui| {
        Empty::new("orders.db is locked by another program")
                .failed()
                .why("It is writing in exclusive mode. Annals can read a copy instead, the original is not touched.")
                .button(button::primary("Open a copy").small())
                .button(button::normal("Try again").small())
                .button(button::quiet("Details").small())
                .show(ui);
    });
}

fn place(ui: &mut Ui, left: f32, right: f32, add: impl FnOnce(&mut Ui)) {
    let rect = Rect::from_min_max(pos2(left, 4.0), pos2(right, SIZE[1]));
    let mut column = ui.new_child(
        UiBuilder::new()
            .max_rect(rect)
            .id_salt(format!("column {left}")),
    );
    add(&mut column);
}

fn padded(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    Frame::NONE
        .inner_margin(egui::Margin::symmetric(12, 0))
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 8.0;
            add(ui);
        });
}

fn framed(ui: &mut Ui, height: f32, add: impl FnOnce(&mut Ui)) {
    let (rect, _) =
        ui.allocate_exact_size(vec2(ui.available_width(), height), egui::Sense::hover());
    let rect = rect.shrink2(vec2(12.0, 0.0));
    let line = tokens(ui).line;
    ui.painter()
        .rect_stroke(rect, 0.0, (1.0, line), egui::StrokeKind::Outside);
    add(&mut ui.new_child(UiBuilder::new().max_rect(rect).id_salt(format!("{rect:?}"))));
}

fn floating(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    Frame::popup(ui.style()).show(ui, |ui| {
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            add(ui);
        });
    });
}

fn buttons(ui: &mut Ui, on: bool) {
    let why = "There is nothing to open";
    ui.horizontal(|ui| {
        for (button, name) in [
            (button::primary("Open"), "Open off"),
            (button::normal("Run again"), "Run again off"),
            (button::quiet("Clear"), "Clear off"),
            (
                button::icon_button(icons::EXPORT, "Export", "").framed(),
                "Export off",
            ),
        ] {
            let button = button.enabled(on, why);
            ui.add(if on { button } else { button.name(name) });
        }
    });
}

fn sample_row(row: &rows::Row<'_>, words: &str) {
    let t = tokens(&*row.ui);
    let painter = row.ui.painter();
    let part = |left: f32, right: f32| {
        Rect::from_min_max(
            row.rect.left_top() + vec2(left, 0.0),
            pos2(row.rect.left() + right, row.rect.bottom()),
        )
    };
    let caption = part(100.0, row.rect.width() - 12.0);
    text::line(painter, caption, Align::Max, Face::Small, words, t.text3);
    if words == "loading" {
        skeleton::paint(painter, part(12.0, 70.0), 0.9);
        skeleton::paint(painter, part(84.0, 190.0), 1.0);
        return;
    }
    let future = words == "after the playhead";
    let (color, swatch_color) = if future {
        (t.text3, t.swatch(2, true))
    } else {
        (t.text, t.category(0))
    };
    text::line(
        painter,
        part(12.0, 80.0),
        Align::Min,
        Face::Data,
        "861,204",
        color,
    );
    swatch::paint(painter, part(84.0, 94.0).center(), swatch_color);
    text::line(
        painter,
        part(100.0, 220.0),
        Align::Min,
        Face::Row,
        "PaymentReceived",
        color,
    );
}

fn count_row(ui: &mut Ui, nr: usize, name: &str, count: u64) {
    let t = tokens(ui);
    let (rect, _) =
        ui.allocate_exact_size(vec2(ui.available_width(), size::ROW), egui::Sense::hover());
    let inside = rect.shrink2(vec2(12.0, 0.0));
    let painter = ui.painter();
    swatch::paint(
        painter,
        inside.left_center() + vec2(5.0, 0.0),
        t.category(nr),
    );
    let words = inside.with_min_x(inside.left() + 16.0);
    text::line(painter, words, Align::Min, Face::Row, name, t.text);
    let [width, height] = size::SPARKLINE;
    let spark = Rect::from_center_size(
        pos2(inside.right() - width / 2.0, rect.center().y),
        vec2(width, height),
    );
    if nr == 2 {
        meter::paint(painter, spark, 0.3, t.text3);
    } else {
        let values: Vec<u64> = (0..14)
            .map(|i| (i * 7 + 3 * u64::try_from(nr).unwrap()) % 11)
            .collect();
        sparkline::paint(painter, spark, &values, t.text3);
    }
    let right = inside.with_max_x(spark.left() - 8.0);
    text::line(
        painter,
        right,
        Align::Max,
        Face::DataSmall,
        format::count(count),
        t.text3,
    );
}

fn item(depth: u16, key: &str, value: &str, kind: ValueKind) -> TreeRow {
    TreeRow {
        depth,
        key: key.to_owned(),
        value: value.to_owned(),
        kind,
        ..TreeRow::default()
    }
}

fn state_rows(ui: &Ui) -> Vec<TreeRow> {
    let t = tokens(ui);
    let note = |nr: usize, lead: &str, words: &str| {
        Some(Note {
            color: t.category(nr),
            lead: lead.to_owned(),
            text: words.to_owned(),
        })
    };
    use ValueKind::{Container, Number, Text};
    vec![
        TreeRow {
            folded: Some(false),
            ..item(0, "order", "", Container)
        },
        TreeRow {
            note: note(0, "v0", "OrderPlaced"),
            ..item(1, "id", "\"order-1220\"", Text)
        },
        TreeRow {
            folded: Some(true),
            note: note(0, "v0", "OrderPlaced"),
            ..item(1, "lines", "[ 2 ]", Container)
        },
        TreeRow {
            sign: Sign::Changed,
            old: Some("0.00".to_owned()),
            pinned: true,
            note: note(7, "v7", "DiscountApplied"),
            ..item(1, "balance", "\u{2212}50.00", Number)
        },
        TreeRow {
            note: note(10, "v3", "PaymentReceived"),
            ..item(1, "paid", "150.00", Number)
        },
        TreeRow {
            sign: Sign::Added,
            folded: Some(false),
            note: note(7, "v7", "DiscountApplied"),
            ..item(1, "discounts", "{ 3 }", Container)
        },
        TreeRow {
            sign: Sign::Added,
            note: note(7, "v7", "DiscountApplied"),
            ..item(2, "code", "\"SPRING50\"", Text)
        },
        TreeRow {
            sign: Sign::Removed,
            note: note(7, "v7", "DiscountApplied"),
            ..item(1, "pendingCoupon", "\"SPRING50\"", Text)
        },
    ]
}

fn data_rows() -> Vec<TreeRow> {
    use ValueKind::{Bool, Container, Number, Text};
    vec![
        item(0, "orderId", "\"order-41911\"", Text),
        item(0, "amount", "149.00", Number),
        item(0, "express", "true", Bool),
        TreeRow {
            folded: Some(false),
            ..item(0, "card", "{ 2 }", Container)
        },
        item(1, "brand", "\"visa\"", Text),
        item(0, "note", "\"\u{202e}reversed\"", Text),
    ]
}
