// Every command in the documentation is one that the programs take, and those that can run here do.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Command, CommanderError } from 'commander'
import t from 'tap'
import { createProgram as createAgent } from '../agent/main.ts'
import { createProgram as createCollector } from '../collector/main.ts'
import { catalog } from '../policy/catalog.generated.ts'
import { type DocumentedCommand, documentedCommands } from './documented-commands.ts'
import { createSystem } from './whole/system.ts'

t.setTimeout(300_000)

const root = join(import.meta.dirname, '..')
const fixtureRoot = join(root, 'test/fixtures/hosts/debian12-minimal/root')
const commands = documentedCommands()

t.test('each is parsed: the command exists, its options and their values do', async t => {
  t.ok(commands.length > 60, `${commands.length} commands`)
  for (const command of commands) t.equal(await mistakeOf(command), '', command.source)
})

t.test('the page of a check names that check, which there is', async t => {
  const ids = new Set(catalog.checks.map(check => check.id))
  for (const { source, words } of commands.filter(isOfCheck)) {
    const id = words[words.indexOf('--check') + 1] ?? ''
    if (words.includes('--check')) t.ok(ids.has(id) && source.startsWith(`docs/checks/${id}.md`), source)
  }
})

t.test('a mistake would be noticed', async t => {
  const typed = (...words: string[]) => mistakeOf({ source: '', program: 'agent', words, typed: true })
  t.match(await typed('scna'), /unknown command/)
  t.match(await typed('scan', '--fial-on', 'high'), /unknown option/)
  t.match(await typed('scan', '--fail-on', 'hihg'), /hihg/)
  t.match(await typed('completion'), /missing required argument/)
})

t.test('those of the agent that only read run', async t => {
  const place = t.testdir({})
  const run = (...words: readonly string[]) =>
    spawnSync(process.execPath, [join(root, 'agent/bin/gabion-agent.js'), ...words], {
      ...{ cwd: place, encoding: 'utf8', timeout: 120_000, env: { PATH: process.env['PATH'], NO_COLOR: '1' } },
    })
  mkdirSync(join(place, 'policy'))
  writeFileSync(join(place, 'policy/site.yaml'), sitePolicy)
  writeFileSync(join(place, 'extra.yaml'), 'waivers: []\n')
  writeFileSync(join(place, 'snapshot.json'), run('facts', '--all', '--root', fixtureRoot).stdout)
  writeFileSync(join(place, 'report.json'), run('scan', '--root', fixtureRoot, '-o', 'json').stdout)
  const ours = commands.filter(command => command.typed && command.program === 'agent' && !isOfCheck(command))
  const runnable = unique(ours.filter(({ words }) => isReading(words)))
  t.ok(runnable.length >= 15, `${runnable.length} commands`)
  for (const { source, words } of runnable) {
    const { status, stderr } = run(...onFixture(words))
    t.ok(status === 0 || (status === 1 && words.includes('--fail-on')), `${source} ended with ${status}: ${stderr}`)
  }
})

t.test('those of the collector that work on its database run beside it', async t => {
  const system = await createSystem(t)
  system.collector.start()
  await system.until(
    'the collector answers',
    () => system.get('hosts'),
    () => true,
  )
  const data = join(system.dataDir, 'collector')
  const reading =
    /^(?:token create|token list|api-token create|host pending|host standing|db check|db backup|db migrate)\b/
  const runnable = unique(
    commands.filter(({ program, words, typed }) => typed && program === 'collector' && reading.test(words.join(' '))),
  )
  t.ok(runnable.length >= 5, `${runnable.length} commands`)
  for (const [index, { source, words }] of runnable.entries()) {
    const here = words.map(word => word.replace(/^\/var\/backups\/.*/, join(system.dataDir, `backup-${index}`)))
    const copied = words.join(' ').startsWith('db check') ? withoutData(here) : here
    const args = [join(root, 'collector/bin/gabion-collector.js'), ...copied, '--data-dir', data]
    const { status, stderr } = spawnSync(process.execPath, args, {
      cwd: system.dataDir,
      encoding: 'utf8',
      timeout: 60_000,
    })
    t.equal(status, 0, `${source}: ${stderr}`)
  }
  await system.collector.stop('SIGTERM')
})

/** What the program says against a command, '' for nothing. */
async function mistakeOf({ program, words, typed }: DocumentedCommand): Promise<string> {
  const command = program === 'agent' ? createAgent() : createCollector()
  disarm(command)
  try {
    await command.parseAsync(['node', `gabion-${program}`, ...words])
    return ''
  } catch (error) {
    if (!(error instanceof CommanderError)) return String(error)
    // A group alone prints its help; a sentence may leave out what a command is given.
    if (/^commander\.(?:help|helpDisplayed|version)$/.test(error.code)) return ''
    if (!typed && /^commander\.missing(?:Argument|MandatoryOptionValue)$/.test(error.code)) return ''
    return error.message
  }
}

/** Its commands are parsed and do nothing. */
function disarm(command: Command): void {
  command.exitOverride().configureOutput({ writeOut: () => undefined, writeErr: () => undefined })
  if (command.commands.length === 0) command.action(() => undefined)
  for (const inner of command.commands) disarm(inner)
}

const isOfCheck = ({ source }: DocumentedCommand) => source.startsWith('docs/checks/')

const isReading = (words: readonly string[]): boolean =>
  ['scan', 'facts', 'sbom', 'config', 'completion', 'diff', 'policy'].includes(words[0] ?? '') &&
  !words.includes('--controls') &&
  !words.some(word => /^(?:[A-Z]{2,}|….*)$/.test(word))

/** The same on a small host of the tests, with files that a reader would have. */
function onFixture(words: readonly string[]): readonly string[] {
  const named = words.map((word, index) => {
    if (word === '/mnt/image') return fixtureRoot
    if (!word.endsWith('.json') || word.includes('=')) return word
    return words[index - 1] === '--since' ? 'report.json' : 'snapshot.json'
  })
  const command = words[0] === 'policy' ? `policy ${words[1]}` : (words[0] ?? '')
  const looks = ['scan', 'facts', 'sbom', 'policy explain'].includes(command)
  return looks && !named.includes('--root') && !named.includes('--facts') ? [...named, '--root', fixtureRoot] : named
}

const withoutData = (words: readonly string[]): readonly string[] =>
  words.filter((word, index) => word !== '--data-dir' && words[index - 1] !== '--data-dir')

const unique = (found: readonly DocumentedCommand[]): readonly DocumentedCommand[] => [
  ...new Map(found.map(command => [`${command.program} ${command.words.join(' ')}`, command])).values(),
]

const sitePolicy = `tailoring:
  - check: only-root-has-uid-0
    severity: high
`
