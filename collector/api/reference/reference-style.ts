// Style of the reference page.

export const referenceStyle = `
:root { color-scheme: light dark; --line: #8884; --quiet: #6b7580 }
* { box-sizing: border-box }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; display: grid; grid-template-columns: 20rem 1fr }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1rem; border-right: 1px solid var(--line) }
nav h1 { font-size: 1.1rem; margin: 0 } nav h2 { font-size: .8rem; color: var(--quiet); margin: 1rem 0 .2rem }
nav ul { list-style: none; margin: 0; padding: 0; font-size: .8rem } nav a { text-decoration: none; color: inherit }
main { padding: 1rem 2rem; max-width: 70rem; min-width: 0 }
section { border-top: 1px solid var(--line); padding: .5rem 0 1rem }
h3 { margin: .5rem 0 } h4 { margin: .6rem 0 .2rem; color: var(--quiet); font-size: .85rem }
table { border-collapse: collapse; width: 100%; font-size: .85rem }
td { border-bottom: 1px solid var(--line); padding: .2rem .6rem .2rem 0; vertical-align: top; overflow-wrap: anywhere }
code { font-family: ui-monospace, monospace } sup { color: #c0392b }
.answers { font-size: .85rem; padding-left: 1rem } .problems { font-size: .8rem; color: var(--quiet) }
b.get { color: #1f7a4d } b.post { color: #1d5fa8 } b.delete { color: #b03a2e } b.patch { color: #9a6700 }
h3 b, nav b { text-transform: uppercase; font-size: .75em }
@media (max-width: 800px) { body { display: block } nav { position: static; height: auto } }
`
