//! What egui itself is told: fonts, text styles, spacing and visuals for both themes.
//!
//! Our own widgets ask [`tokens`](super::tokens()); this makes egui's widgets, popups and scroll
//! areas look as if they came from the same hand.

use std::collections::BTreeMap;

use egui::style::{
    HandleShape, Interaction, NumberFormatter, ScrollAnimation, ScrollStyle, Selection, Spacing,
    TextCursorStyle, WidgetVisuals, Widgets,
};
use egui::{
    Color32, Context, CornerRadius, FontId, Margin, Shadow, Stroke, Style, TextStyle, Theme,
    Visuals, vec2,
};

use super::last_input::LastInput;
use super::tokens::{Tokens, choose};
use super::{fonts, format, size};

/// What a person may choose about the look, beside dark or light.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// Stronger borders and captions, a less faint future.
    pub more_contrast: bool,
    /// No motion at all: every duration is 0.
    pub less_motion: bool,
}

/// Gives a fresh context our fonts and both themes. Which theme is shown is `ctx.set_theme`.
pub fn install(ctx: &Context) {
    install_with(ctx, Choices::default());
}

/// Like [`install`]; may be called again when the choices change.
pub fn install_with(ctx: &Context, choices: Choices) {
    ctx.add_plugin(LastInput);
    let has_fonts = ctx.data(|data| data.get_temp(fonts_id()).unwrap_or(false));
    if !has_fonts {
        ctx.set_fonts(fonts::definitions());
        ctx.data_mut(|data| data.insert_temp(fonts_id(), true));
    }
    for theme in [Theme::Dark, Theme::Light] {
        let tokens = choose(theme, choices.more_contrast);
        ctx.set_style_of(theme, style(tokens, choices));
    }
}

fn fonts_id() -> egui::Id {
    egui::Id::unique("annals_fonts_are_installed")
}

fn style(t: &Tokens, choices: Choices) -> Style {
    Style {
        text_styles: fonts::text_styles().collect::<BTreeMap<TextStyle, FontId>>(),
        number_formatter: NumberFormatter::new(format::number),
        spacing: spacing(),
        interaction: interaction(),
        visuals: visuals(t),
        animation_time: if choices.less_motion { 0.0 } else { 0.08 },
        scroll_animation: ScrollAnimation::none(),
        compact_menu_style: false,
        ..Style::default()
    }
}

fn spacing() -> Spacing {
    Spacing {
        item_spacing: vec2(8.0, 4.0),
        window_margin: Margin::same(16),
        menu_margin: Margin::same(4),
        button_padding: vec2(10.0, 6.0),
        indent: size::INDENT,
        interact_size: vec2(size::BUTTON_SMALL, size::BUTTON_SMALL),
        icon_width: 16.0,
        icon_width_inner: 10.0,
        icon_spacing: size::ICON_GAP,
        tooltip_width: size::TOOLTIP,
        menu_width: size::MENU,
        menu_spacing: 0.0,
        combo_height: 320.0,
        scroll: scroll(),
        ..Spacing::default()
    }
}

fn scroll() -> ScrollStyle {
    let mut scroll = ScrollStyle {
        bar_width: size::SCROLL_BAR,
        floating_width: size::SCROLL_BAR_REST,
        floating_allocated_width: 0.0,
        bar_outer_margin: size::SCROLL_BAR_MARGIN,
        handle_min_length: size::SCROLL_HANDLE_MIN,
        // The handle is painted in the text color; so thin it is as strong as `line_strong` at
        // rest and as `text3` under the pointer.
        foreground_color: true,
        dormant_handle_opacity: 0.2,
        active_handle_opacity: 0.3,
        interact_handle_opacity: 0.6,
        active_background_opacity: 0.0,
        interact_background_opacity: 0.0,
        ..ScrollStyle::floating()
    };
    scroll.fade.strength = 0.0;
    scroll.kinetic.rubber_band = false;
    scroll
}

fn interaction() -> Interaction {
    Interaction {
        interact_radius: 4.0,
        resize_grab_radius_side: 4.0,
        tooltip_delay: 0.35,
        tooltip_grace_time: 0.2,
        selectable_labels: false,
        ..Interaction::default()
    }
}

fn visuals(t: &Tokens) -> Visuals {
    let base = if t.dark {
        Visuals::dark()
    } else {
        Visuals::light()
    };
    let shadow = Shadow {
        offset: [0, 8],
        blur: 24,
        spread: 0,
        color: t.shadow,
    };
    Visuals {
        dark_mode: t.dark,
        override_text_color: None,
        weak_text_color: Some(t.text3),
        widgets: widgets(t),
        selection: Selection {
            bg_fill: t.accent_soft,
            stroke: Stroke::new(1.0, t.accent),
        },
        hyperlink_color: t.accent,
        faint_bg_color: t.raised,
        extreme_bg_color: t.canvas,
        text_edit_bg_color: Some(t.canvas),
        code_bg_color: t.canvas,
        warn_fg_color: t.warn,
        error_fg_color: t.err,
        window_corner_radius: CornerRadius::same(size::CORNER_DIALOG),
        window_shadow: shadow,
        window_fill: t.tip,
        window_stroke: Stroke::new(1.0, t.line_strong),
        menu_corner_radius: CornerRadius::same(size::CORNER_MENU),
        panel_fill: t.panel,
        popup_shadow: shadow,
        resize_corner_size: 8.0,
        text_cursor: TextCursorStyle {
            stroke: Stroke::new(1.5, t.accent),
            ..base.text_cursor
        },
        button_frame: true,
        collapsing_header_frame: false,
        indent_has_left_vline: false,
        striped: false,
        slider_trailing_fill: true,
        handle_shape: HandleShape::Rect { aspect_ratio: 0.5 },
        interact_cursor: None,
        image_loading_spinners: false,
        disabled_alpha: 1.0,
        ..base
    }
}

fn widgets(t: &Tokens) -> Widgets {
    let look = |fill: Color32, line: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, line),
        corner_radius: CornerRadius::same(size::CORNER),
        fg_stroke: Stroke::new(1.0, t.text),
        expansion: 0.0,
    };
    Widgets {
        noninteractive: look(t.panel, t.line),
        inactive: look(t.control, t.line_strong),
        hovered: look(t.control_hover, t.text3),
        active: look(t.control_active, t.line_strong),
        open: look(t.control_active, t.line_strong),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::tokens;

    #[test]
    fn tokens_follow_the_theme_and_the_contrast() {
        let ctx = Context::default();
        install(&ctx);
        ctx.set_theme(Theme::Light);
        assert!(!tokens(&ctx).dark);
        ctx.set_theme(Theme::Dark);
        let plain = tokens(&ctx);
        assert!(plain.dark);
        install_with(
            &ctx,
            Choices {
                more_contrast: true,
                ..Choices::default()
            },
        );
        assert_eq!(tokens(&ctx).text3, plain.text2);
    }

    #[test]
    fn nothing_moves_when_less_motion_is_asked() {
        let still = Choices {
            less_motion: true,
            ..Choices::default()
        };
        let style = style(choose(Theme::Dark, false), still);
        assert_eq!(style.animation_time, 0.0);
        assert_eq!(style.scroll_animation, ScrollAnimation::none());
    }
}
