// Works on a database as commands and the collector do, and dies as by SIGKILL at one of the moments that it passes.
// argv: kind of work, directory of data, URL of a database or nothing, moment to die at or 0, more
import { dbCommand } from '../../../collector/cli/db.ts'
import { databasePath } from '../../../collector/data-directory.ts'
import { applyChange } from '../../../collector/domain/apply-change.ts'
import { pruneOnce } from '../../../collector/domain/retention.ts'
import { parseDatabaseLocation } from '../../../collector/store/database-location.ts'
import { openStore } from '../../../collector/store/open-store.ts'
import { prunedKinds } from '../../../collector/store/retention.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { silentLog } from '../../../runtime/log.ts'
import { changeOf, openDomain } from '../../collector/open-domain.ts'
import { smallState } from '../../small-facet.ts'
import { countMoments } from './moments.ts'

const [kind = '', directory = '', url = '', dieAt = '0', more = ''] = process.argv.slice(2)
const passed = countMoments(Number(dieAt))
const where = ['--data-dir', directory, ...(url === '' ? [] : ['--database', url])]
const command = (...args: readonly string[]) => dbCommand().parseAsync([...args, ...where], { from: 'user' })

/** Takes away what ended before a time. @param more it, and now, in milliseconds since the epoch */
async function retention(): Promise<void> {
  const location = parseDatabaseLocation(url, databasePath(directory))
  const store = await openStore(location, systemClock)
  const newest = await store.upkeep.newestBody()
  const [cutMs = 0, nowMs = 0] = more.split(',').map(Number)
  const ageMs = nowMs - cutMs
  const rules = Object.fromEntries(prunedKinds.map(name => [name, ageMs])) as Record<
    (typeof prunedKinds)[number],
    number
  >
  const clock = { ...systemClock, now: () => nowMs, sleep: () => new Promise<void>(resolve => setImmediate(resolve)) }
  const options = { store, rules, clock, log: silentLog, onPruned: () => undefined }
  await pruneOnce(options, newest, new AbortController().signal)
  await store.close()
}

/** Applies changes and prints what was acknowledged. @param more how many of each host */
async function ingest(): Promise<void> {
  const place = url === '' ? { directory } : { database: url, directory }
  const domain = await openDomain({ teardown: () => undefined, testdir: () => directory } as never, place)
  const applyAll = async (key: string) => {
    const { host, appliedSequence } = await domain.open(key)
    for (let sequence = appliedSequence + 1; sequence <= appliedSequence + Number(more); sequence++) {
      const change = changeOf(sequence, smallState({ [key]: sequence, other: sequence % 3 }))
      await domain.commits.submit(host, unit => applyChange(unit, change, domain.apply))
      process.stdout.write(`acknowledged ${key} ${sequence}\n`)
    }
  }
  await Promise.all(['a', 'b'].map(applyAll))
  await domain.close()
}

const works: Readonly<Record<string, () => Promise<unknown>>> = {
  migrate: () => command('migrate'),
  vacuum: () => command('vacuum'),
  backup: () => command('backup', '--output', more),
  copy: () => command('copy', '--to', more),
  ...{ retention, ingest },
}
await works[kind]?.()
process.stdout.write(`passed ${passed()}\n`)
