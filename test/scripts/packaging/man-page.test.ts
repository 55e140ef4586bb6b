// Manual pages: each command and option, each key of the configuration, and nothing that roff would take for a request.
import t from 'tap'
import { createProgram as createAgent } from '../../../agent/main.ts'
import { createProgram as createCollector } from '../../../collector/main.ts'
import { manPage } from '../../../scripts/packaging/command-docs.ts'

const escaped = (text: string) => text.replaceAll('-', '\\-')
const requests = /^\.(?:TH|SH|SS|TP|PP|B|I|BR|RI|nf|fi)(?: |$)/

for (const [name, program] of [
  ['gabion-agent', createAgent()],
  ['gabion-collector', createCollector()],
] as const) {
  t.test(`the page of ${name} has every command and option`, async t => {
    const page = manPage(name, 1_750_000_000)
    t.match(page, `.TH ${escaped(name).toUpperCase()} 1 2025-06-15 `)
    for (const command of program.commands) {
      t.ok(page.includes(escaped(`${name} ${command.name()} `)), command.name())
      for (const { long } of command.options) t.ok(page.includes(escaped(long ?? '')), `${command.name()} ${long}`)
    }
    const lines = page.split('\n')
    t.same(
      lines.filter(line => line.startsWith('.') && !requests.test(line)),
      [],
    )
    t.same(
      lines.filter(line => line.startsWith("'")),
      [],
      'an apostrophe begins a request, too',
    )
  })
}

t.test('keys of the configuration stand with their variables and defaults', async t => {
  const page = manPage('gabion-agent', 1_750_000_000)
  t.match(page, '.BR stateDir ", " GABION_STATE_DIR')
  t.match(page, /the agent’s own directory \(default: "\/var\/lib\/gabion\/agent"\)/)
  t.match(manPage('gabion-collector', 1_750_000_000), /\(default: "\/var\/lib\/gabion\/collector"\)/)
})
