// Whatever stands in place of a file that a probe reads: the scan ends in time, names it, and reads nothing outside.
import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, lchownSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { materializeFixture } from '../../materialize-fixture.ts'
import { canary, type Mutation, mutations } from './mutations.ts'

const nobody = 65_534
const deadlineMs = 10_000
const program = join(import.meta.dirname, 'mutate-each-file.ts')

interface Case {
  readonly probe: string
  readonly path: string
  readonly mutation: Mutation
  readonly ms: number
  readonly state: string
  readonly detail: string
  readonly named: boolean
  readonly leaked: boolean
}

t.setTimeout(280_000)

for (const fixture of [
  'debian12-vm',
  'debian12-minimal',
  'kubeadm-node',
  'kubeadm-control-plane',
  'rhel9',
  'k3s-1.32',
  'talos',
]) {
  t.test(`on ${fixture}`, t => {
    const cases = run(
      t,
      fixture,
      mutations.filter(mutation => mutation !== 'unreadable'),
    )
    t.ok(cases.length > 50, `${cases.length} cases`)
    judge(t, cases)
    t.end()
  })

  t.test(
    `on ${fixture} as a user without rights`,
    { skip: process.getuid?.() !== 0 && 'needs root to become nobody' },
    t => {
      const cases = run(t, fixture, ['unreadable'], nobody)
      t.ok(cases.length > 10, `${cases.length} cases`)
      judge(t, cases)
      t.end()
    },
  )
}

function run(
  t: Parameters<typeof materializeFixture>[0],
  fixture: string,
  kinds: readonly Mutation[],
  uid?: number,
): readonly Case[] {
  const root = materializeFixture(t, fixture)
  const outside = join(`${root}-outside`)
  mkdirSync(outside, { recursive: true })
  t.teardown(() => rmSync(outside, { recursive: true, force: true }))
  const secret = join(outside, 'secret')
  writeFileSync(secret, `${canary}\n`)
  if (uid !== undefined) {
    chownSync(root, uid, uid)
    giveAway(root, uid)
  }
  const output = execFileSync(process.execPath, [program, root, secret, ...kinds], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  return output
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Case)
}

/** Whatever is below, hidden files too; a symbolic link is given away itself and never followed. */
function giveAway(directory: string, uid: number): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name)
    lchownSync(path, uid, uid)
    if (!entry.isDirectory()) continue
    chmodSync(path, 0o755)
    giveAway(path, uid)
  }
}

function judge(t: Test, cases: readonly Case[]): void {
  const wrong = (select: (item: Case) => boolean) =>
    cases
      .filter(select)
      .map(({ probe, path, mutation, state, detail }) => `${probe} ${path} ${mutation}: ${state} ${detail}`)
  t.same(
    wrong(item => item.ms > deadlineMs),
    [],
    'every run ends within its deadline',
  )
  t.same(
    wrong(item => item.leaked),
    [],
    'nothing outside the root is read',
  )
  t.same(
    wrong(item => item.state === 'error'),
    [],
    'no probe fails',
  )
  // sudo itself passes over what is no regular file in an included directory: nothing is left unread there.
  const passedOver = ({ path, mutation }: Case) => mutation === 'fifo' && path.startsWith('/etc/sudoers.d/')
  const mustName = (item: Case) => ['fifo', 'huge', 'unreadable'].includes(item.mutation) && !passedOver(item)
  t.same(
    wrong(item => mustName(item) && !item.named),
    [],
    'what could not be read is named',
  )
}
