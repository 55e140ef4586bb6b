// Two collectors with policy files of their own on one PostgreSQL database: one policy is in force, wherever agents are.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { startPostgres, whyNoPostgres } from '../start-postgres.ts'
import { createSystem, type Daemon, daemon, type System } from './system.ts'

t.setTimeout(300_000)

const root = join(import.meta.dirname, '../fixtures/hosts/debian12-minimal/root')
const check = 'reboot-not-pending'

interface Items<T> {
  readonly items: readonly T[]
}
interface Result {
  readonly severity: string
  readonly since: string
}

interface Member extends System {
  readonly started: Daemon
  /** its policy */
  readonly file: string
  /** writes it anew */
  write(severity: string): void
  /** how it says that hosts are judged by its policy */
  metric(): Promise<string | undefined>
}

const why = whyNoPostgres()
if (why) t.plan(0, why)
else t.test('one of two policies is in force, also when either is read again or gone', { timeout: 300_000 }, test)

async function test(t: Test): Promise<void> {
  const database = await (await startPostgres(t)).database()
  // In this order: a directory of a test is made anew whenever it is asked for.
  const systems = [await createSystem(t, ['--root', root]), await createSystem(t, ['--root', root])] as const
  const one = makeMember(t, systems[0], ['one', 'low'], database)
  const other = makeMember(t, systems[1], ['other', 'critical'], database)
  const severity = async ({ get }: System) =>
    (await get<Items<Result>>(`results?check=${check}`)).items.map(item => item.severity).join()
  const judgedBy = (member: System, expected: string) =>
    member.until(
      `judged as ${expected}`,
      () => severity(member),
      found => found === expected,
    )
  const metrics = async (expected: readonly string[]) => {
    const told = () => Promise.all([one, other].map(({ metric }) => metric()))
    await one.until(`in force: ${expected}`, told, found => found.join() === expected.join())
  }

  one.started.start()
  await one.until(
    'one answers',
    () => one.get('summary'),
    () => true,
  )
  one.agent.start()
  await judgedBy(one, 'low')
  other.started.start()
  await other.until(
    'the other answers',
    () => other.get('summary'),
    () => true,
  )
  await judgedBy(one, 'critical')
  await metrics(['0', '1'])
  t.match(one.started.log, /another policy is in force/)
  t.notMatch(other.started.log, /another policy is in force/)
  for (const member of [one, other]) {
    t.match(await member.get('checks/site-other'), { title: 'Ours' }, 'both tell of what is in force')
    await t.rejects(member.get('checks/site-one'), /404/)
  }

  one.write('high')
  one.started.tell('SIGHUP')
  await judgedBy(other, 'high')
  await metrics(['1', '0'])
  writeFileSync(other.file, readFileSync(one.file))
  other.started.tell('SIGHUP')
  await metrics(['1', '1'])
  t.equal(await severity(one), 'high')

  one.write('medium')
  one.started.tell('SIGHUP')
  await judgedBy(other, 'medium')
  await metrics(['1', '0'])
  t.same(await one.started.stop('SIGTERM'), { code: 0, signal: null })
  await judgedBy(other, 'high')
  t.match(other.started.log, /no collector has the policy in force any more/)
  t.same(await other.started.stop('SIGTERM'), { code: 0, signal: null })
  t.same(await one.agent.stop('SIGTERM'), { code: 0, signal: null })
}

function makeMember(t: Test, system: System, [name, severity]: readonly [string, string], database: string): Member {
  const directory = join(system.dataDir, name)
  const file = join(system.dataDir, `${name}.yaml`)
  const own = `
checks:
  - { id: site-${name}, title: Ours, severity: low, manual: look, rationale: why, remediation: do it, tests: [] }
`
  const write = (next: string) => writeFileSync(file, `tailoring: [{ check: ${check}, severity: ${next} }]${own}`)
  write(severity)
  const args = [...system.collectorArgs, '--data-dir', directory, '--policy', file, '--database', database]
  return {
    ...system,
    ...{ file, write },
    started: daemon(t, 'collector', args),
    async metric() {
      const text = await (await fetch(`${system.base}/metrics`)).text()
      return /^gabion_policy_in_force (\d)$/m.exec(text)?.[1]
    },
  }
}
