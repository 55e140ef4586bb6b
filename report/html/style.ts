// The style sheet of the HTML report: for screens, light and dark, for telephones and for paper.

export const style = `
:root {
  color-scheme: light dark;
  --page: #f4f5f7; --sheet: #ffffff; --ink: #1a2230; --soft: #566074; --line: #dfe3ea; --code: #f3f5f8;
  --accent: #1f5fbf; --good: #18794e; --good-bg: #e2f4ea;
  --critical: #8c1d5a; --critical-bg: #fbe7f1; --high: #b42318; --high-bg: #fdeceb;
  --medium: #8a5200; --amber: #c97b0a; --medium-bg: #fdf1dc; --low: #1f5fbf; --low-bg: #e6effb;
  --neutral: #4a5568; --neutral-bg: #eceff3;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #10141b; --sheet: #181e28; --ink: #e8ebf1; --soft: #a3adbf; --line: #2c3545; --code: #10151d;
    --accent: #82b1ff; --good: #5fd398; --good-bg: #14352a;
    --critical: #f79ac7; --critical-bg: #421a31; --high: #ff9d94; --high-bg: #431d1b;
    --medium: #f6c46b; --amber: #f0b03f; --medium-bg: #3c2c10; --low: #93bbff; --low-bg: #1a2c4a;
    --neutral: #b6c0d0; --neutral-bg: #262f3d;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
}
a { color: var(--accent); text-underline-offset: 2px; }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
h1, h2, h3, h4, p, ul, ol, dl, table, pre { margin: 0; }
h1, .title { font-size: 2rem; margin-bottom: 0; line-height: 1.2; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; line-height: 1.3; margin-bottom: 12px; }
h3 { font-size: 1.05rem; line-height: 1.35; }
.skip { position: absolute; left: -9999px; }
.skip:focus { left: 16px; top: 16px; background: var(--sheet); padding: 8px 16px; z-index: 1; }
main, .foot { max-width: 1040px; margin: 0 auto; padding: 0 24px; }
.eyebrow { color: var(--soft); font-size: 0.8rem; font-weight: 600; letter-spacing: 0.08em; text-transform: uppercase; }
.top { padding: 40px 0 24px; }
.facts { display: flex; flex-wrap: wrap; gap: 4px 24px; margin-top: 12px; color: var(--soft); font-size: 0.9rem; }
.facts div { display: flex; gap: 6px; min-width: 0; }
.facts dt { font-weight: 600; }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.card { background: var(--sheet); border: 1px solid var(--line); border-radius: 12px; padding: 24px; margin-bottom: 24px; }
.verdict { display: grid; grid-template-columns: auto 1fr; gap: 32px; align-items: center; }
.ring { width: 148px; height: 148px; display: block; }
.ring circle { fill: none; stroke-width: 11; }
.ring .track { stroke: var(--neutral-bg); }
.ring .value { stroke-linecap: round; }
.ring .value.good { stroke: var(--good); }
.ring .value.fair { stroke: var(--amber); }
.ring .value.poor { stroke: var(--high); }
.ring text { fill: var(--ink); text-anchor: middle; font-weight: 700; font-size: 34px; }
.ring .of { fill: var(--soft); font-weight: 500; font-size: 12px; }
.headline { font-size: 1.35rem; font-weight: 700; line-height: 1.3; margin-bottom: 8px; }
.lead { color: var(--soft); max-width: 62ch; }
.tiles { display: grid; grid-template-columns: repeat(4, 1fr); gap: 12px; margin-top: 24px; padding: 0; list-style: none; }
.tile { border-radius: 10px; padding: 12px 16px; }
.tile b { display: block; font-size: 1.7rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.tile.critical { background: var(--critical-bg); color: var(--critical); }
.tile.high { background: var(--high-bg); color: var(--high); }
.tile.medium { background: var(--medium-bg); color: var(--medium); }
.tile.low { background: var(--low-bg); color: var(--low); }
.tile.none { background: var(--neutral-bg); color: var(--neutral); }
.meter { margin-top: 20px; }
.meter p { display: flex; justify-content: space-between; gap: 16px; font-size: 0.9rem; color: var(--soft); }
.meter p b { color: var(--ink); }
.bar { display: flex; width: 100%; height: 10px; margin-top: 6px; border-radius: 5px; overflow: hidden; background: var(--neutral-bg); }
.bar svg { display: block; width: 100%; height: 100%; }
.fill-pass { fill: var(--good); } .fill-fail { fill: var(--high); } .fill-error { fill: var(--amber); }
.fill-manual { fill: var(--low); } .fill-waived { fill: var(--neutral); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 20px; margin-top: 10px; padding: 0; list-style: none; font-size: 0.9rem; color: var(--soft); }
.legend b { color: var(--ink); font-variant-numeric: tabular-nums; }
.dot { display: inline-block; width: 10px; height: 10px; border-radius: 50%; margin-right: 6px; }
.dot.pass { background: var(--good); } .dot.fail { background: var(--high); } .dot.error { background: var(--amber); }
.dot.manual { background: var(--low); } .dot.waived { background: var(--neutral); }
.first { padding-left: 1.4em; }
.first { margin-top: 8px; }
.first li { padding: 5px 0 5px 4px; }
.first .badge:first-child { min-width: 76px; text-align: center; margin-right: 6px; }
.badge {
  display: inline-block; padding: 1px 9px; border-radius: 999px; font-size: 0.75rem; font-weight: 700; line-height: 1.6;
  text-transform: uppercase; letter-spacing: 0.04em; white-space: nowrap; vertical-align: 1px;
}
.badge.critical { background: var(--critical-bg); color: var(--critical); }
.badge.high { background: var(--high-bg); color: var(--high); }
.badge.medium { background: var(--medium-bg); color: var(--medium); }
.badge.low { background: var(--low-bg); color: var(--low); }
.badge.new { background: var(--high); color: var(--sheet); }
.badge.good { background: var(--good-bg); color: var(--good); }
table { width: 100%; border-collapse: collapse; font-size: 0.95rem; }
caption { text-align: left; color: var(--soft); padding-bottom: 8px; font-size: 0.9rem; }
th { text-align: left; font-size: 0.8rem; color: var(--soft); font-weight: 600; padding: 6px 12px 6px 0; border-bottom: 2px solid var(--line); }
tbody th { font-size: inherit; color: inherit; border-bottom: 1px solid var(--line); font-weight: 600; overflow-wrap: anywhere; }
td { padding: 8px 12px 8px 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
tr:last-child td, tbody tr:last-child th { border-bottom: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.wide { min-width: 160px; }
.zero { color: var(--soft); }
.finding { border: 1px solid var(--line); border-left: 4px solid var(--neutral); border-radius: 10px; margin-bottom: 12px; background: var(--sheet); }
.finding.critical { border-left-color: var(--critical); } .finding.high { border-left-color: var(--high); }
.finding.medium { border-left-color: var(--medium); } .finding.low { border-left-color: var(--low); }
.finding > summary { padding: 14px 20px; cursor: pointer; list-style: none; display: flex; gap: 12px; align-items: baseline; }
.finding > summary::-webkit-details-marker { display: none; }
.finding > summary h3 { flex: 1; min-width: 0; overflow-wrap: anywhere; }
.finding > summary::after { content: "+"; color: var(--soft); font-weight: 700; }
.finding[open] > summary::after { content: "\\2212"; }
.inside { padding: 0 20px 18px; display: grid; gap: 14px; }
.inside h4 { font-size: 0.78rem; text-transform: uppercase; letter-spacing: 0.06em; color: var(--soft); margin-bottom: 4px; }
.inside p { max-width: 78ch; overflow-wrap: anywhere; }
.inside p + p, .inside pre + p, .inside p + pre { margin-top: 8px; }
.evidence { padding: 0; list-style: none; display: grid; gap: 4px; }
.evidence li, code, pre { font-family: ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", "Liberation Mono", monospace; font-size: 0.86rem; }
.evidence li { background: var(--code); border-radius: 6px; padding: 4px 10px; overflow-wrap: anywhere; }
code { background: var(--code); border: 1px solid var(--line); border-radius: 5px; padding: 0 5px; overflow-wrap: anywhere; }
pre { background: var(--code); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; white-space: pre-wrap; overflow-wrap: anywhere; }
.refs { color: var(--soft); font-size: 0.85rem; overflow-wrap: anywhere; }
.group { display: flex; align-items: baseline; gap: 10px; margin: 28px 0 12px; }
.group:first-of-type { margin-top: 0; }
.more > summary { cursor: pointer; color: var(--accent); }
.plain { padding: 0; list-style: none; margin-top: 8px; }
.plain li { padding: 7px 0; overflow-wrap: anywhere; border-top: 1px solid var(--line); }
.plain li:first-child { border-top: 0; }
.plain + .quiet { margin-top: 16px; }
.quiet { color: var(--soft); font-size: 0.92rem; font-weight: 400; }
.fold > summary { cursor: pointer; font-weight: 700; font-size: 1.05rem; }
.fold > :not(summary) { margin-top: 12px; }
.host { border-top: 3px solid var(--line); margin-top: 40px; }
.foot { color: var(--soft); font-size: 0.85rem; padding-top: 8px; padding-bottom: 48px; }
.scroll { overflow-x: auto; }
.scroll th, .scroll td { overflow-wrap: break-word; }
.accepted { min-width: 560px; }
@media (max-width: 720px) {
  main, .foot { padding: 0 16px; }
  .top { padding-top: 24px; }
  h1, .title { font-size: 1.6rem; }
  .card { padding: 16px; }
  .verdict { grid-template-columns: 1fr; gap: 16px; justify-items: start; }
  .tiles { grid-template-columns: repeat(2, 1fr); }
  .finding > summary { flex-wrap: wrap; gap: 6px 12px; padding: 12px 14px; }
  .finding > summary h3 { flex-basis: 100%; order: 1; }
  .inside { padding: 0 14px 14px; }
  .areas .wide { display: none; }
}
@page { margin: 14mm; }
@media print {
  :root {
    color-scheme: light;
    --page: #ffffff; --sheet: #ffffff; --ink: #000000; --soft: #404854; --line: #c5cad3; --code: #f6f7f9;
    --accent: #1f4f9f; --good: #18794e; --good-bg: #e2f4ea; --critical: #8c1d5a; --critical-bg: #fbe7f1;
    --high: #b42318; --high-bg: #fdeceb; --medium: #8a5200; --amber: #c97b0a; --medium-bg: #fdf1dc; --low: #1f5fbf; --low-bg: #e6effb;
    --neutral: #4a5568; --neutral-bg: #eceff3;
  }
  body { font-size: 10.5pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main, .foot { max-width: none; padding: 0; }
  .top { padding-top: 0; }
  .card { border: 0; padding: 0; margin-bottom: 18pt; }
  .finding { break-inside: avoid; }
  h2, h3, .group { break-after: avoid; }
  .finding > summary::after { content: none !important; }
  details::details-content { content-visibility: visible; height: auto; }
  .skip { display: none; }
  .host { break-before: page; border-top: 0; margin-top: 0; }
}
`
