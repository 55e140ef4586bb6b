// Tests of telling an engine's version from package records.
import t from 'tap'
import { upstreamVersion } from '../../../agent/container-runtime/engine-version.ts'

t.test('the numbers of upstream in front of what the packagers added', async t => {
  for (const [version, upstream] of [
    ['20.10.24+dfsg1-1+deb12u1+b2', '20.10.24'],
    ['5:27.3.1-1~debian.12~bookworm', '27.3.1'],
    ['1.6.20~ds1-1+deb12u3', '1.6.20'],
    ['2.0.0~rc.1-1', '2.0.0'],
    ['1.31.3-1.1', '1.31.3'],
    ['27', ''],
    ['git20240101', ''],
    ['', ''],
    ['1.2.3.4.5-1', ''],
  ] as const) {
    t.equal(upstreamVersion(version), upstream, version)
  }
})
