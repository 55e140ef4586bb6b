// Tests of finding one flag's value.
import t from 'tap'
import { flagValue } from '../../../agent/container-runtime/flag-value.ts'

t.test('both forms, and the last one counts', async t => {
  t.equal(flagValue(['-c', '/a', '--config=/b'], '--config', '-c'), '/b')
  t.equal(flagValue(['--config=/b', '-c', '/a'], '--config', '-c'), '/a')
  t.equal(flagValue(['--config'], '--config'), undefined)
  t.equal(flagValue(['--config-dir=/x', '--configs'], '--config'), undefined)
  t.equal(flagValue([], '--config'), undefined)
})
