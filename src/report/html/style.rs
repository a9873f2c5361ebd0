//! The style sheet of a report, on screen and in print.

use super::super::colors::{
    ACCENT, CANVAS, DESK, ERR, LINE, LINE_STRONG, OK, PANEL, TEXT, TEXT2, TEXT3, WARN,
};

/// All styles.
pub(super) fn css() -> String {
    format!("{}{}{}{PRINT}", layout(), tables(), marks())
}

fn layout() -> String {
    format!(
        "*{{box-sizing:border-box}}\n\
         body{{margin:0;background:{DESK};color:{TEXT};font:400 13px/20px Inter,system-ui,-apple-system,\
         'Segoe UI',sans-serif;overflow-wrap:anywhere}}\n\
         main{{max-width:1040px;margin:32px auto;padding:48px 64px;background:{CANVAS};\
         border:1px solid {LINE};border-radius:4px}}\n\
         nav{{position:fixed;left:max(16px,calc(50% - 740px));top:88px;width:200px;display:none}}\n\
         nav a{{display:flex;justify-content:space-between;padding:4px 8px;border-radius:4px;\
         color:{TEXT2};text-decoration:none}}\n\
         nav a:hover,nav a:focus{{background:{CANVAS};color:{ACCENT}}}\n\
         nav span{{color:{TEXT3}}}\n\
         @media (min-width:1480px){{nav{{display:block}}}}\n\
         .kind{{display:flex;justify-content:space-between;margin:0 0 16px;color:{TEXT2}}}\n\
         h1{{font-size:28px;line-height:36px;font-weight:600;margin:0}}\n\
         h2{{font-size:18px;line-height:24px;font-weight:600;margin:44px 0 12px}}\n\
         h3{{font-size:13px;line-height:20px;font-weight:600;margin:20px 0 6px}}\n\
         .verdict{{font-size:15px;line-height:24px;margin:4px 0;color:{TEXT2}}}\n\
         #run,.note{{color:{TEXT3};margin:6px 0;font-size:12px}}\n\
         code,.m,svg .n{{font-family:'JetBrains Mono',ui-monospace,Consolas,monospace;font-size:12px;\
         font-variant-ligatures:none}}\n\
         pre{{background:{PANEL};border:1px solid {LINE};border-radius:4px;padding:12px 16px;\
         white-space:pre-wrap}}\n\
         svg{{display:block;max-width:100%;height:auto}}\n\
         svg text{{font-size:11px;fill:{TEXT3};font-family:Inter,system-ui,sans-serif}}\n"
    )
}

fn tables() -> String {
    format!(
        "table{{border-collapse:collapse;width:100%}}\n\
         th{{text-align:left;font-weight:400;font-size:12px;color:{TEXT3};padding:6px 8px 6px 0;\
         border-bottom:1px solid {LINE_STRONG}}}\n\
         td{{padding:7px 8px 7px 0;border-bottom:1px solid {LINE};vertical-align:top}}\n\
         .r{{text-align:right;white-space:nowrap}}\n.w{{width:28px}}\n.s{{white-space:nowrap}}\n\
         .sub{{display:block;color:{TEXT3};font-size:12px}}\n\
         .member td{{padding-top:3px;padding-bottom:3px;border-bottom:0;color:{TEXT2}}}\n\
         .facts{{display:grid;grid-template-columns:1fr 1fr;margin:0 0 12px;border:1px solid {LINE_STRONG};\
         border-radius:4px;overflow:hidden}}\n\
         .facts div{{display:flex;border-bottom:1px solid {LINE}}}\n\
         .facts div.wide,.facts div:has(.wide){{grid-column:1/-1}}\n\
         .facts dt{{flex:0 0 136px;padding:8px 14px;background:{PANEL};color:{TEXT3}}}\n\
         .facts dd{{margin:0;padding:8px 14px}}\n\
         .legend{{display:flex;flex-wrap:wrap;gap:4px 16px;margin:4px 0 8px;padding:0;list-style:none}}\n\
         .legend i{{display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:6px}}\n"
    )
}

fn marks() -> String {
    format!(
        ".bar{{display:flex;gap:2px;margin:0 0 14px}}\n.bar i{{flex:1;height:8px;border-radius:2px}}\n\
         .checks{{display:grid;grid-template-columns:repeat(3,1fr);gap:6px 16px;margin:0;padding:0;\
         list-style:none}}\n\
         .mark{{display:inline-block;width:16px;height:16px;border-radius:8px;margin-right:8px;\
         color:{CANVAS};font-weight:600;font-size:11px;line-height:16px;text-align:center}}\n\
         .passed{{background:{OK}}}\n.warning{{background:{WARN}}}\n.failed,.error{{background:{ERR}}}\n\
         .info{{background:{ACCENT}}}\n.skipped{{background:{LINE_STRONG}}}\n\
         .mark.skipped{{background:{TEXT3}}}\n.bad{{color:{ERR}}}\n"
    )
}

const PRINT: &str = "@media print{\n@page{margin:16mm}\nbody{background:none;font-size:11px;\
line-height:16px}\nmain{margin:0;padding:0;border:0;max-width:none}\nnav{display:none!important}\n\
tr,svg,.facts,.plot{break-inside:avoid}\nh2,h3{break-after:avoid}\n\
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}\n}\n";
