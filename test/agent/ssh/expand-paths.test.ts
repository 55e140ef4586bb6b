// Tests of how patterns of Include become files.
import t from 'tap'
import { expandPaths } from '../../../agent/ssh/expand-paths.ts'
import { hostFrom } from '../../host-from.ts'

t.test('wildcards in each part, sorted, without hidden entries', async t => {
  const host = await hostFrom(t, {
    files: {
      '/etc/ssh/a.d/20.conf': '',
      '/etc/ssh/a.d/10.conf': '',
      '/etc/ssh/a.d/.hidden.conf': '',
      '/etc/ssh/a.d/10.conf.bak': '',
      '/etc/ssh/b.d/5.conf': '',
      '/etc/ssh/file': '',
    },
  })
  const paths = async (pattern: string) => (await expandPaths(host, pattern)).paths
  t.strictSame(await paths('/etc/ssh/a.d/*.conf'), ['/etc/ssh/a.d/10.conf', '/etc/ssh/a.d/20.conf'])
  t.strictSame(await paths('/etc/ssh/?.d/[0-5]*.conf'), [
    '/etc/ssh/a.d/10.conf',
    '/etc/ssh/a.d/20.conf',
    '/etc/ssh/b.d/5.conf',
  ])
  t.strictSame(await paths('/etc/ssh/a.d/.h*'), ['/etc/ssh/a.d/.hidden.conf'])
  t.strictSame(await paths('/etc/ssh/file'), ['/etc/ssh/file'])
  t.strictSame(await paths('/etc/ssh/none'), [])
  t.strictSame(await paths('/etc/none/*'), [])
  t.strictSame(await expandPaths(host, '/etc/ssh/*/*.conf'), {
    paths: ['/etc/ssh/a.d/10.conf', '/etc/ssh/a.d/20.conf', '/etc/ssh/b.d/5.conf'],
    failures: [],
  })
})

t.test('a directory that cannot be listed is told', async t => {
  const host = await hostFrom(t, { files: { '/etc/ssh/loop': { symlink: 'loop' } } })
  t.match(await expandPaths(host, '/etc/ssh/loop/*'), { paths: [], failures: [{ state: 'unreadable' }] })
})
