"""How the page looks: on a screen, light or dark, on a phone, and on paper."""

LIGHT = """
  --paper: #fbfaf7; --card: #ffffff; --ink: #1d2429; --soft: #55616b; --line: #d5d8d6;
  --accent: #0f5e63; --tint: #e6f1f0; --good: #1e6b3a; --bad: #a32a1f; --wait: #7a5200;
  --badtint: #fbebe8; --waittint: #fbf3df; --survivor: #0f5e63; --agency: #8a5a00;
"""

DARK = """
  --paper: #14181b; --card: #1c2226; --ink: #e8ebec; --soft: #a9b4bb; --line: #39434a;
  --accent: #7fd0d0; --tint: #1d3234; --good: #7fd39a; --bad: #ff9d8f; --wait: #f0c878;
  --badtint: #3a2320; --waittint: #35301f; --survivor: #7fd0d0; --agency: #e9b765;
"""

STYLE = (
    ":root { color-scheme: light dark; "
    + LIGHT
    + "}\n@media screen and (prefers-color-scheme: dark) { :root { "
    + DARK
    + "} }\n"
    + """
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 17px/1.55 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  overflow-wrap: break-word; }
header, main, footer { max-width: 66rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2.5rem; }
h1 { font-size: clamp(1.7rem, 4.5vw, 2.6rem); line-height: 1.15; margin: .3rem 0 1rem;
  max-width: 24em; text-wrap: balance; }
h2 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .6rem; }
h3 { font-size: 1.08rem; margin: 0 0 .4rem; }
p { margin: 0 0 .9rem; max-width: 42em; }
section { margin: 3.2rem 0; scroll-margin-top: 1rem; }
a { color: var(--accent); }
a:focus-visible, summary:focus-visible, .scroll:focus-visible {
  outline: 3px solid var(--accent); outline-offset: 2px; }
.kicker { color: var(--accent); font-weight: 600; margin: 0; }
.soft { color: var(--soft); }
.small { font-size: .88rem; }
.notice { border: 2px solid var(--wait); background: var(--waittint); border-radius: .6rem;
  padding: .8rem 1rem; margin: 1rem 0; max-width: none; }
.verdict { border: 2px solid var(--good); border-radius: .6rem; padding: .8rem 1rem;
  margin: 1rem 0; max-width: none; font-weight: 600; }
.verdict.failed { border-color: var(--bad); background: var(--badtint); }
nav ol { columns: 2; column-gap: 2rem; padding-left: 1.4rem; margin: 1rem 0 0; max-width: 46rem; }
nav li { break-inside: avoid; padding: .1rem 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .7rem;
  padding: 1rem 1.1rem; }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; align-items: start; }
.two > *, .cards > *, .comic > * { min-width: 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(16.5rem, 1fr)); gap: 1rem; }
.card p:last-child, .card ul:last-child, .card ol:last-child { margin-bottom: 0; }
.hero { display: block; width: 100%; max-width: 46rem; height: auto; margin: 1.2rem auto; }
svg { color: var(--ink); }
svg text { font: 600 13px system-ui, "Segoe UI", Roboto, sans-serif; fill: currentColor;
  paint-order: stroke; stroke: var(--paper); stroke-width: 5px; }
.comic svg text { stroke: var(--tint); }
svg.hero text { font-size: 20px; stroke-width: 8px; }
.mark { width: 1.15em; height: 1.15em; vertical-align: -.2em; flex: none; }
.good { color: var(--good); } .bad { color: var(--bad); } .wait { color: var(--wait); }
.quiet { color: var(--soft); } .accent { color: var(--accent); }
.seen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
.tag { display: inline-flex; gap: .35em; align-items: baseline; font-weight: 600; }
.tag .mark { align-self: flex-start; margin-top: .2em; vertical-align: 0; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: .7rem;
  background: var(--card); margin: 1rem 0; position: relative; }
table { border-collapse: collapse; width: 100%; font-size: .93rem; }
caption { text-align: left; padding: .7rem .9rem; font-weight: 600; }
th, td { text-align: left; vertical-align: top; padding: .5rem .9rem;
  border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--soft); font-weight: 600; vertical-align: bottom; }
caption + thead th { border-top: 1px solid var(--line); }
tbody th { font-weight: 600; }
td ul { margin: 0; padding-left: 1.1rem; }
.know { width: auto; min-width: 100%; }
.know td, .know thead th + th { text-align: center; padding: .35rem .3rem; }
.know tbody th { font-weight: 400; padding: .35rem .9rem; position: sticky; left: 0;
  background: var(--card); }
.know thead th:first-child { position: sticky; left: 0; background: var(--card); }
.know thead th { white-space: pre; font-size: .76rem; }
.know tbody th { white-space: nowrap; }
.know .back th, .know .back td { border-top: 2px solid var(--soft); }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; list-style: none; padding: 0;
  margin: .6rem 0; font-size: .93rem; }
.legend li { display: inline-flex; gap: .4em; align-items: center; }
.inbox { list-style: none; padding: 0; margin: .6rem 0 0; display: flex; flex-wrap: wrap;
  gap: .4rem; }
.inbox li { border: 1px solid var(--line); border-radius: .45rem; padding: .15rem .55rem;
  font-size: .93rem; display: inline-flex; gap: .35em; align-items: center; }
.inbox .new { border-color: var(--accent); background: var(--tint); }
.consent ol { margin: .2rem 0 .8rem; padding-left: 2rem; columns: 2; column-gap: 1.5rem; }
.consent dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0;
  font-size: .93rem; }
dt { color: var(--soft); } dd { margin: 0; }
details { border-top: 1px solid var(--line); padding: .6rem 0; }
summary { cursor: pointer; font-weight: 600; padding: .2rem 0; }
.lanes { list-style: none; margin: 1rem 0; padding: 0; }
.lanes li, .lanehead { display: grid; grid-template-columns: 1fr 6.5rem 1fr; align-items: center; }
.lanes li { position: relative; padding: .3rem 0; }
.lanes li::before { content: ""; position: absolute; left: 50%; top: 0; bottom: 0;
  border-left: 3px dashed var(--line); }
.lanehead { gap: 0; font-weight: 600; text-align: center; font-size: .93rem; margin-top: 1rem; }
.lanehead span { display: block; font-weight: 400; overflow-wrap: anywhere; }
.act { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--accent);
  border-radius: .5rem; padding: .45rem .75rem; min-width: 0; }
.act.right { grid-column: 3; border-left: 1px solid var(--line);
  border-right: 4px solid var(--agency); }
.act b { display: block; } .act p { margin: 0; font-size: .9rem; }
.act.off { border-style: dashed; }
.cross { grid-column: 2; grid-row: 1; position: relative; width: 100%; height: 2rem; }
.act.left { grid-column: 1; } .act { grid-row: 1; }
.comic { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: 1rem;
  list-style: none; padding: 0; margin: 1rem 0; }
.comic li { background: var(--card); border: 1px solid var(--line); border-radius: .7rem;
  overflow: hidden; }
.comic svg { display: block; width: 100%; height: auto; background: var(--tint); }
.comic p { margin: 0; padding: .6rem .8rem .8rem; font-size: .93rem; }
.comic b { color: var(--accent); }
.bars { width: 100%; }
.bars { margin: 0 -.3rem .8rem; }
.bars td, .bars th { border: 0; padding: .2rem .3rem; vertical-align: middle; }
.bar { display: block; height: .8rem; border-radius: .3rem; border: 1px solid currentColor;
  background: repeating-linear-gradient(45deg, currentColor 0 2px, transparent 2px 6px); }
.bar.survivor { background: currentColor; color: var(--survivor); }
.bar.agency { color: var(--agency); }
.legend .rail { width: 4rem; }
.cards.four { grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)); }
.cards .tag { font-weight: 400; }
.comic ~ h3 { margin-top: 2rem; }
.bars .rail { min-width: 5.5rem; width: 50%; }
.plainlist { list-style: none; padding: 0; margin: 1rem 0; }
.plainlist > li { display: flex; gap: .6rem; align-items: baseline; padding: .5rem 0;
  border-top: 1px solid var(--line); }
.plainlist .mark { transform: translateY(.15em); }
footer { padding-bottom: 3rem; color: var(--soft); font-size: .9rem; }
@media (max-width: 44rem) {
  body { font-size: 16px; }
  .two { grid-template-columns: 1fr; }
  nav ol { columns: 1; }
  section { margin: 2.4rem 0; }
  .consent ol { columns: 1; }
  .consent dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .4rem; }
  .lanes li, .lanehead { grid-template-columns: 1fr 2.6rem 1fr; }
  .act { padding: .4rem .5rem; font-size: .86rem; hyphens: auto; } .act p { font-size: .82rem; }
  th, td { padding: .45rem .55rem; }
  .know tbody th { white-space: normal; min-width: 8.5rem; padding: .35rem .55rem; }
  .stack thead { display: none; }
  .stack tbody tr { display: block; border-top: 2px solid var(--line); padding: .5rem 0; }
  .stack td, .stack tbody th { display: block; border: 0; padding: .15rem .9rem; }
  .stack.lines td { display: inline-block; padding: 0 0 0 .9rem; }
  .stack.lines td:last-child { display: block; padding-bottom: .2rem; }
  .lanehead { font-size: .85rem; } .lanehead span { display: none; }
  .stack td::before { content: attr(data-head) ": "; color: var(--soft); }
}
@media print {
  body { font-size: 10.5pt; background: none; }
  header, main, footer { max-width: none; padding: 0; }
  section { margin: 1.4rem 0; }
  .card, .comic li, .lanes li, tr, .notice { break-inside: avoid; }
  h2, h3, caption, thead { break-after: avoid; }
  .scroll { overflow: visible; }
  nav { display: none; }
  .know { font-size: .75rem; } .know thead th { font-size: .6rem; }
  .comic { grid-template-columns: repeat(3, 1fr); }
  .bar, .comic svg, .inbox .new { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""
)
