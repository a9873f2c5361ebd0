//! The style sheet of a report, on screen and in print.

use super::super::colors::{
    ACCENT, CANVAS, DESK, ERR, LINE, LINE_STRONG, OK, PANEL, TEXT, TEXT2, TEXT3, WARN, WARN_FILL,
};

/// All styles.
pub(super) fn css() -> String {
    format!("{}{}{}{}{PRINT}", layout(), tables(), marks(), records())
}

fn layout() -> String {
    format!(
        "*{{box-sizing:border-box}}\n\
         html{{scroll-padding-top:24px}}\n\
         body{{margin:0;background:{DESK};color:{TEXT};font:400 13px/20px Inter,system-ui,-apple-system,\
         'Segoe UI',sans-serif;overflow-wrap:anywhere}}\n\
         main{{max-width:974px;margin:32px auto;padding:48px 64px;background:{CANVAS};\
         border:1px solid {LINE};border-radius:4px}}\n\
         nav{{position:fixed;left:max(16px,calc(50% - 712px));top:88px;width:200px;display:none}}\n\
         nav a{{display:flex;justify-content:space-between;padding:4px 8px;border-radius:4px;\
         color:{TEXT2};text-decoration:none}}\n\
         nav a:hover,nav a:focus-visible{{background:{CANVAS};color:{TEXT}}}\n\
         nav span{{color:{TEXT3};font:400 12px/20px 'JetBrains Mono',ui-monospace,Consolas,monospace}}\n\
         @media (min-width:1440px){{nav{{display:block}}}}\n\
         .kind{{display:flex;justify-content:space-between;margin:0 0 16px;color:{TEXT2}}}\n\
         .logo{{display:inline-block;vertical-align:-3px;margin-right:10px}}\n\
         h1{{font-size:28px;line-height:36px;font-weight:600;margin:0}}\n\
         h2{{font-size:18px;line-height:24px;font-weight:600;margin:44px 0 12px}}\n\
         h3{{font-size:13px;line-height:20px;font-weight:600;margin:20px 0 6px}}\n\
         a{{color:inherit;text-decoration:underline;text-decoration-color:{LINE_STRONG};\
         text-underline-offset:3px}}\n\
         a:hover{{color:{ACCENT};text-decoration-color:{ACCENT}}}\n\
         .verdict{{font-size:15px;line-height:24px;margin:4px 0;color:{TEXT2}}}\n\
         .remark{{white-space:pre-wrap;margin:8px 0}}\n\
         #run,.note,.period{{color:{TEXT3};margin:6px 0;font-size:12px}}\n\
         code,svg .n{{font-family:'JetBrains Mono',ui-monospace,Consolas,monospace;font-size:12px;\
         font-variant-ligatures:none}}\n\
         pre{{background:{PANEL};border:1px solid {LINE};border-radius:4px;padding:12px 16px;margin:6px 0;\
         white-space:pre-wrap}}\n\
         svg{{display:block;max-width:100%;height:auto}}\n\
         svg text{{font-size:11px;fill:{TEXT3};font-family:Inter,system-ui,sans-serif}}\n"
    )
}

fn tables() -> String {
    format!(
        "table{{border-collapse:collapse;width:100%;margin:0 0 8px}}\n\
         th{{text-align:left;font-weight:400;font-size:12px;color:{TEXT3};padding:6px 16px 6px 0;\
         border-bottom:1px solid {LINE_STRONG}}}\n\
         td{{padding:7px 16px 7px 0;border-bottom:1px solid {LINE};vertical-align:top}}\n\
         th:last-child,td:last-child{{padding-right:0}}\n\
         .r{{text-align:right;white-space:nowrap;overflow-wrap:normal}}\n\
         .s{{white-space:nowrap;overflow-wrap:normal}}\n\
         .sub{{display:block;color:{TEXT3};font-size:12px}}\n\
         .marked td:first-child{{position:relative;padding-left:32px}}\n\
         .marked td:first-child .mark{{position:absolute;left:0;top:10px;margin:0}}\n\
         .member td{{padding-top:3px;padding-bottom:3px;border-bottom:0;color:{TEXT2}}}\n\
         .member td:first-child{{padding-left:32px}}\n\
         .facts{{display:grid;grid-template-columns:1fr 1fr;margin:0 0 12px;border:1px solid {LINE_STRONG};\
         border-radius:4px;overflow:hidden}}\n\
         .facts div{{display:flex;border-top:1px solid {LINE};margin-top:-1px}}\n\
         .facts .wide{{grid-column:1/-1}}\n\
         .facts dt{{flex:0 0 148px;padding:7px 14px;background:{PANEL};color:{TEXT3}}}\n\
         .facts dd{{margin:0;padding:7px 14px;min-width:0}}\n\
         .legend{{display:flex;flex-wrap:wrap;gap:4px 16px;margin:4px 0 8px;padding:0;list-style:none}}\n\
         .legend i{{display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:6px}}\n\
         tr:target td{{background:{PANEL}}}\n"
    )
}

fn marks() -> String {
    format!(
        ".bar{{display:flex;gap:2px;margin:0 0 14px}}\n.bar i{{flex:1;height:8px;border-radius:2px}}\n\
         .checks{{display:grid;grid-template-columns:repeat(3,1fr);gap:5px 16px;margin:0 0 8px;padding:0;\
         list-style:none;font-size:12px}}\n\
         .checks li{{display:flex;align-items:flex-start}}\n.quiet{{color:{TEXT3}}}\n\
         .mark{{display:inline-block;flex:none;vertical-align:-2px;margin:3px 7px 0 0}}\n\
         td .mark{{margin-top:0}}\n\
         .mark circle,.mark .fill{{fill:currentColor;stroke:none}}\n\
         .mark path{{fill:none;stroke:{CANVAS};stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}}\n\
         .bar .passed{{background:{OK}}}\n.bar .warning{{background:{WARN_FILL}}}\n\
         .bar .failed{{background:{ERR}}}\n.bar .info{{background:{ACCENT}}}\n\
         .bar .skipped{{background:{LINE_STRONG}}}\n\
         .mark.passed{{color:{OK}}}\n.mark.warning{{color:{WARN}}}\n.mark.failed{{color:{ERR}}}\n\
         .mark.info{{color:{ACCENT}}}\n.mark.skipped{{color:{TEXT3}}}\n.bad{{color:{ERR}}}\n"
    )
}

fn records() -> String {
    format!(
        ".record{{border-top:1px solid {LINE};padding:8px 0}}\n\
         .record summary{{cursor:pointer}}\n\
         .record summary>*{{margin-right:16px}}\n\
         .record summary span{{color:{TEXT2}}}\n\
         .record:has(:target) summary{{color:{ACCENT}}}\n\
         .record>div{{padding-left:16px}}\n"
    )
}

const PRINT: &str = "@media print{\n@page{margin:16mm 14mm}\nbody{background:none;font-size:10.5px;\
line-height:15px}\nmain{margin:0;padding:0;border:0;max-width:none}\nnav{display:none!important}\n\
h1{font-size:22px;line-height:28px}\nh2{font-size:15px;line-height:20px;margin:22px 0 8px}\n\
.verdict{font-size:12px;line-height:18px}\ncode{font-size:9.5px}\n.note,#run,.sub,.checks,th{font-size:9.5px}\n\
h3{font-size:11px;margin:12px 0 4px}\ntd{padding-top:4px;padding-bottom:4px}\n\
.facts dt{flex-basis:96px;padding:4px 8px}\n.facts dd{padding:4px 8px}\npre{padding:6px 8px}\n\
a{text-decoration:none}\n\
tr,svg,.plot,.legend,.checks,.facts,.bar,summary{break-inside:avoid}\nh2,h3,summary{break-after:avoid}\n\
thead{display:table-header-group}\n.legend{break-after:avoid}\n.note{break-before:avoid}\n\
pre{break-inside:auto;orphans:3;widows:3}\n\
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}\n}\n";
