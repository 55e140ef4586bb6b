// Style of the overview: light and dark, tables that fit a phone.

export const overviewStyle = `:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f7f9, #14171b);
  --paper: light-dark(#ffffff, #1c2026);
  --ink: light-dark(#1c2430, #e4e8ee);
  --faint: light-dark(#5d6878, #98a3b3);
  --line: light-dark(#e1e5eb, #2c323b);
  --link: light-dark(#1f5fbf, #84b4ff);
  --critical: light-dark(#b3122b, #ff6b7f);
  --high: light-dark(#c2500a, #ff9d5c);
  --medium: light-dark(#8a6a00, #e8c34a);
  --low: light-dark(#3b6ea8, #86b7ea);
  --good: light-dark(#1b7f4b, #57c98b);
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1.5rem clamp(1rem, 4vw, 3rem); max-width: 84rem;
  background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums;
}
header { display: flex; flex-wrap: wrap; gap: .5rem 2rem; align-items: baseline; }
h1 { margin: 0; font-size: 1.6rem; letter-spacing: -.02em; }
h2 { margin: 0 0 .6rem; font-size: 1.05rem; }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
a { color: var(--link); text-decoration: none; }
a:hover, a:focus-visible { text-decoration: underline; }
.note { margin: .75rem 0 0; padding: .5rem .8rem; border-left: 3px solid var(--medium); background: var(--paper); color: var(--faint); }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); gap: .8rem; background: none; border: 0; padding: 0; }
section { margin: 1.2rem 0; padding: 1rem 1.2rem; background: var(--paper); border: 1px solid var(--line); border-radius: 10px; overflow-x: auto; }
.card { display: flex; flex-direction: column; padding: .8rem 1rem; background: var(--paper); border: 1px solid var(--line); border-radius: 10px; }
.card b { font-size: 1.9rem; line-height: 1.15; }
.card span, .card small, small { color: var(--faint); }
.card.critical b { color: var(--critical); } .card.high b { color: var(--high); }
.card.medium b { color: var(--medium); } .card.low b { color: var(--low); }
meter { width: 6rem; height: .7rem; vertical-align: middle; }
.card meter { width: 100%; margin-top: .4rem; }
table { width: 100%; border-collapse: collapse; }
th { text-align: left; white-space: nowrap; font-weight: 600; color: var(--faint); font-size: .85rem; }
th, td { padding: .4rem .8rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
tbody tr:last-child td { border-bottom: 0; }
td.number, time { white-space: nowrap; }
.evidence, .change { font-family: ui-monospace, monospace; font-size: .88rem; }
.tag { font-size: .78rem; font-weight: 600; padding: .1rem .45rem; border-radius: 5px; border: 1px solid currentColor; white-space: nowrap; }
.tag.critical { color: var(--critical); } .tag.high { color: var(--high); } .tag.medium { color: var(--medium); } .tag.low { color: var(--low); }
.dot { display: inline-block; width: .6rem; height: .6rem; border-radius: 50%; margin-right: .3rem; }
.dot.on { background: var(--good); } .dot.off { border: 2px solid var(--faint); }
.change.added::before { content: '+ '; color: var(--good); }
.change.removed::before { content: '− '; color: var(--critical); }
.change.changed::before { content: '~ '; color: var(--medium); }
.empty, footer { color: var(--faint); }
pre { padding: .7rem 1rem; background: var(--ground); border-radius: 6px; overflow-x: auto; }
`
