// Tests of the order of kernel releases and of the package version in a build line.
import { equal } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { isNewerRelease, packageVersionOfBuild } from '../../../agent/parse/kernel-release.ts'

t.test('newer releases of each distribution', async t => {
  for (const [newer, older] of [
    ['6.1.0-56-cloud-amd64', '6.1.0-49-cloud-amd64'],
    ['6.12.12+bpo-amd64', '6.1.0-56-amd64'],
    ['6.8.0-101-generic', '6.8.0-51-generic'],
    ['5.14.0-503.21.1.el9_5.x86_64', '5.14.0-503.11.1.el9_5.x86_64'],
    ['6.6.58-0-lts', '6.6.8-0-lts'],
    ['6.12.0', '6.12.0-rc7'],
  ] as const) {
    t.ok(isNewerRelease(newer, older), `${newer} is newer than ${older}`)
    t.notOk(isNewerRelease(older, newer), `${older} is not newer than ${newer}`)
  }
})

t.test('flavours of one release are of one age', async t => {
  t.notOk(isNewerRelease('6.1.0-56-cloud-amd64', '6.1.0-56-amd64'))
  t.notOk(isNewerRelease('6.1.0-56-amd64', '6.1.0-56-cloud-amd64'))
})

t.test('Debian says in the build line which package it is', async t => {
  t.equal(packageVersionOfBuild('#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)'), '6.1.192-2')
  t.equal(packageVersionOfBuild('#51-Ubuntu SMP PREEMPT_DYNAMIC Sat Nov  9 17:58:29 UTC 2026'), '')
  t.equal(packageVersionOfBuild(''), '')
})

const release = fc.record({
  numbers: fc.tuple(fc.nat({ max: 7 }), fc.nat({ max: 20 }), fc.nat({ max: 9 }), fc.nat({ max: 120 })),
  // Distributions put a package's number behind a dash or a point.
  sign: fc.constantFrom('-', '.'),
  flavour: fc.constantFrom('', '-amd64', '-cloud-amd64', '-generic', '+bpo-amd64', '.el9_5.x86_64', '-lts', '+'),
})
type Release = typeof release extends fc.Arbitrary<infer T> ? T : never
const written = ({ numbers: [major, minor, patch, build], sign, flavour }: Release) =>
  `${major}.${minor}.${patch}${sign}${build}${flavour}`

t.test(
  'releases of one distribution are ordered by their numbers, one after the other, whatever the flavour',
  async () => {
    fc.assert(
      fc.property(release, release, (one, other) => {
        const sign = one.sign
        const differences = one.numbers.map((number, index) => number - (other.numbers[index] ?? 0))
        const order = differences.find(difference => difference !== 0) ?? 0
        equal(isNewerRelease(written(one), written({ ...other, sign })), order > 0)
        equal(isNewerRelease(written({ ...other, sign }), written(one)), order < 0)
      }),
      { numRuns: 500 },
    )
  },
)

t.test('a candidate is older than its release and newer than what came before', async () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 7 }),
      fc.integer({ min: 1, max: 20 }),
      fc.nat({ max: 9 }),
      fc.nat({ max: 9 }),
      (major, minor, first, second) => {
        const of = (candidate: number) => `${major}.${minor}.0-rc${candidate}`
        equal(isNewerRelease(of(first), of(second)), first > second)
        equal(isNewerRelease(`${major}.${minor}.0`, of(first)), true)
        equal(isNewerRelease(of(first), `${major}.${minor - 1}.99`), true)
      },
    ),
  )
})

t.test('any two texts have one order at most, and none with themselves', async () => {
  const text = fc.oneof(fc.stringMatching(/^[0-9.rc~+-]{0,12}$/), fc.string({ unit: 'binary', maxLength: 20 }))
  fc.assert(
    fc.property(text, text, text, (one, other, third) => {
      equal(isNewerRelease(one, one), false)
      equal(isNewerRelease(one, other) && isNewerRelease(other, one), false)
      if (isNewerRelease(one, other) && isNewerRelease(other, third)) equal(isNewerRelease(one, third), true)
    }),
    { numRuns: 500 },
  )
})

t.test("any package version of Debian is found in a build line, and nothing in another's", async () => {
  const version = fc.stringMatching(/^[0-9][0-9A-Za-z.+~-]{0,20}$/)
  const day = fc.stringMatching(/^20[0-9]{2}-[01][0-9]-[0-3][0-9]$/)
  const before = fc.constantFrom('#1 SMP PREEMPT_DYNAMIC', '#1 SMP', '#2', '#1 SMP Debian')
  fc.assert(
    fc.property(before, version, day, (start, text, date) => {
      equal(packageVersionOfBuild(`${start} Debian ${text} (${date})`), text)
      equal(packageVersionOfBuild(`${start} Debian ${text} ${date}`), '')
      equal(packageVersionOfBuild(`${start} Ubuntu ${text} (${date})`), '')
    }),
  )
})
