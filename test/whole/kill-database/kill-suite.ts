// Kills whoever works on a database at many moments of the work; what was there is there, and the work goes on.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { databasePath } from '../../../collector/data-directory.ts'
import { checkStore } from '../../../collector/store/look-after.ts'
import { newestSchema } from '../../../collector/store/sql/migrate.ts'
import { type Portrait, portraitOf } from './portrait.ts'
import { locationOf, type Place, putFleet, putOld } from './prepare.ts'
import { type Death, type Ran, runWork } from './run-work.ts'

/** Hours of kills, of every schema and at every statement; else some of them. */
const isFull = process.env['GABION_KILLS'] === 'all'
const seed = Number(process.env['GABION_SEED'] ?? Date.now() % 1_000_000)
const random = seeded(seed)

export interface Backend {
  /** without tables */
  empty(): Promise<Place>
  copy(place: Place): Promise<Place>
  /** resolves when nothing of a process that was killed goes on there */
  quiet(place: Place): Promise<void>
}

export async function killSuite(t: Test, backend: Backend): Promise<void> {
  t.comment(`GABION_SEED=${seed}`)
  const fleet = await backend.empty()
  const { cutMs, endMs } = await putFleet(fleet)
  const before = await portraitOf(locationOf(fleet))
  t.equal(before.states.length, 480)
  await killMigrations(t, backend)
  await killRetention(t, backend, { fleet, cutMs, endMs, before })
  await t.test('in a vacuum', async t => {
    await killed(t, backend, { kind: 'vacuum', from: fleet, often: 3 }, async place => {
      await isSound(t, place)
      t.same(await portraitOf(locationOf(place)), before)
      await runWork('vacuum', place)
      t.same(await portraitOf(locationOf(place)), before)
    })
  })
  await killIngest(t, backend)
}

async function killMigrations(t: Test, backend: Backend): Promise<void> {
  for (const schema of schemas()) {
    await t.test(`in the migration from schema ${schema} with data in it`, async t => {
      const from = await backend.empty()
      await putOld(from, schema)
      const work = { kind: 'migrate', from, often: schema === 1 ? 3 : 1 }
      await killed(t, backend, work, async (place, expected) => {
        t.same([expected.hosts.length, expected.states.length, expected.drift.length], [1, 15, 3])
        const { problems, schema: reached } = await checkStore(locationOf(place))
        t.same(problems, [])
        t.ok(reached >= schema, `schema ${reached} was reached`)
        t.same(await portraitOf(locationOf(place)), expected, 'it goes on, and everything is there')
        await isSound(t, place)
      })
    })
  }
}

/** Those before the newest: each in the long form, else the first, the last and those whose data the next one moves. */
function schemas(): readonly number[] {
  const all = Array.from({ length: newestSchema - 1 }, (_, index) => index + 1)
  const chosen = new Set([1, 7, 8, newestSchema - 1, 1 + Math.floor(random() * (newestSchema - 1))])
  return isFull ? all : all.filter(schema => chosen.has(schema))
}

interface Filled {
  readonly fleet: Place
  readonly cutMs: number
  readonly endMs: number
  readonly before: Portrait
}

function killRetention(t: Test, backend: Backend, { fleet, cutMs, endMs, before }: Filled): Promise<unknown> {
  return t.test('in retention', async t => {
    const work = { kind: 'retention', from: fleet, often: 4, more: `${cutMs},${endMs}` }
    await killed(t, backend, work, async (place, kept) => {
      t.ok(kept.states.length < before.states.length && kept.states.length > 200, `${kept.states.length} states stay`)
      t.ok(kept.drift.length < before.drift.length)
      await isSound(t, place)
      const now = await portraitOf(locationOf(place))
      t.same([now.current, now.hosts], [before.current, before.hosts])
      t.same(now.results.map(standing), before.results.map(standing))
      for (const part of ['states', 'drift', 'endedResults'] as const) {
        t.ok(isWithin(kept[part], now[part]), `nothing of ${part} went before its time`)
        t.ok(isWithin(now[part], before[part]), `nothing came to ${part}`)
      }
      await runWork('retention', place, {}, `${cutMs},${endMs}`)
      t.same(await portraitOf(locationOf(place)), kept, 'it goes on to the same end')
      await isSound(t, place)
    })
  })
}

/** Since when a check failed for the first time is read from results that ended. */
const standing = (result: unknown) => ({ ...(result as object), firstSeen: '' })

function killIngest(t: Test, backend: Backend): Promise<unknown> {
  return t.test('in ingest, again and again on the same database', async t => {
    const each = 12
    const place = await backend.empty()
    const { moments } = await runWork('ingest', await backend.empty(), {}, String(each))
    const acknowledged = new Map<string, number>()
    for (let round = 0; round < (isFull ? 60 : 4); round++) {
      const ran = await runWork('ingest', place, { at: 1 + Math.floor(random() * moments) }, String(each))
      for (const [key, sequence] of ran.acknowledged) acknowledged.set(key, sequence)
      await backend.quiet(place)
      const { states } = await portraitOf(locationOf(place))
      await isSound(t, place)
      const known = [...acknowledged.values()].reduce((sum, sequence) => sum + sequence, 0)
      const told = `${states.length} states, ${known} acknowledged`
      t.ok(states.length >= known && states.length <= known + 2, told)
    }
  })
}

export interface Work {
  readonly kind: string
  readonly from: Place
  readonly often: number
  readonly more?: string
}

/** @param check what holds after each death; it is given what holds after work that nobody killed */
export async function killed(
  t: Test,
  backend: Backend,
  { kind, from, often, more = '' }: Work,
  check: (place: Place, expected: Portrait) => Promise<void>,
): Promise<void> {
  const unharmed = await backend.copy(from)
  const whole = await runWork(kind, unharmed, {}, more)
  const expected = await portraitOf(locationOf(unharmed))
  t.ok(whole.moments > 0, `${kind} has ${whole.moments} moments to die at`)
  let deaths = 0
  for (const death of deathsOf(whole, often)) {
    const place = await backend.copy(from)
    const ran = await runWork(kind, place, death, more)
    const told = `${kind} died at moment ${death.at ?? 'of chance'} of ${whole.moments}`
    // Work that goes at its own pace has more moments at one time than at another.
    t.ok(ran.killed || ran.code === 0, told)
    deaths += ran.killed ? 1 : 0
    await backend.quiet(place)
    await check(place, expected)
  }
  t.ok(deaths > 0, `${kind} died ${deaths} times`)
}

/** Some moments between statements, spread over the work, and some times within them. */
function deathsOf({ moments, ms }: Pick<Ran, 'moments' | 'ms'>, often: number): readonly Death[] {
  const count = Math.min(moments, isFull ? 200 : often)
  const between = Array.from({ length: count }, (_, index) => {
    return { at: Math.min(moments, 1 + Math.floor(((index + random()) * moments) / count)) }
  })
  const within = Array.from({ length: isFull ? 20 : often > 1 ? 1 : 0 }, () => ({
    afterMs: ms * (0.5 + random() * 0.5),
  }))
  return [...between, ...within]
}

export async function isSound(t: Test, place: Place): Promise<void> {
  t.match(await checkStore(locationOf(place)), { schema: newestSchema, problems: [] })
}

function isWithin(part: readonly unknown[], whole: readonly unknown[]): boolean {
  const texts = new Set(whole.map(item => JSON.stringify(item)))
  return part.every(item => texts.has(JSON.stringify(item)))
}

/** Copies to `target` are whole or can be made again. */
export async function killCopy(t: Test, backend: Backend, from: Place, target: () => Promise<Place>): Promise<void> {
  const before = await portraitOf(locationOf(from))
  const whole = await target()
  const { moments, ms } = await runWork('copy', from, {}, targetOf(whole))
  t.same(await portraitOf(locationOf(whole)), before)
  for (const death of deathsOf({ moments, ms }, 3)) {
    const to = await target()
    await runWork('copy', from, death, targetOf(to))
    await backend.quiet(to)
    const again = await runWork('copy', from, { at: 0, afterMs: 600_000 }, targetOf(to))
    if (again.code !== 0) t.match(again.output, /is not empty/, 'it was done')
    t.same(await portraitOf(locationOf(to)), before)
    await isSound(t, to)
  }
  t.same(await portraitOf(locationOf(from)), before, 'where it came from is as it was')
}

const targetOf = ({ directory, url }: Place) => (url === '' ? `sqlite:${databasePath(directory)}` : url)

/** A backup is there as a whole, or not at all. */
export async function killBackUp(t: Test, from: Place, outputs: string): Promise<void> {
  const before = await portraitOf(locationOf(from))
  const whole = await runWork('backup', from, {}, join(outputs, 'whole'))
  for (const [index, death] of deathsOf(whole, 5).entries()) {
    const directory = join(outputs, `backup-${index}`)
    const ran = await runWork('backup', from, death, directory)
    if (!existsSync(directory)) await runWork('backup', from, {}, directory)
    else t.ok(ran.killed || ran.code === 0)
    t.notOk(existsSync(`${directory}.partial`), 'nothing half done stays')
    await isSound(t, { directory, url: '' })
    t.same(await portraitOf(locationOf({ directory, url: '' })), before)
  }
  t.same(await portraitOf(locationOf(from)), before)
}

/** mulberry32: the same numbers for the same seed. */
function seeded(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
