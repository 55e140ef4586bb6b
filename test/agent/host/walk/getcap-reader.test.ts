// File capabilities by the program getcap: the same as by the attribute, whatever files are called.
import { execFileSync } from 'node:child_process'
import { chmodSync, closeSync, constants, openSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { getcapReader } from '../../../../agent/host/walk/getcap-reader.ts'
import { openCapabilityReader } from '../../../../agent/host/walk/read-capability.ts'
import { rootFrom } from '../../../host-from.ts'
import { findTool } from '../../../tools.ts'

const setcap = findTool('setcap')
const byModule = await openCapabilityReader()
const skip =
  process.getuid?.() === 0 && setcap && findTool('getcap') && byModule ? false : 'needs root, setcap and @napi-rs/xattr'

t.test('what getcap says is what the attribute says', { skip }, async t => {
  const names = ['ping', 'a b', 'a cap_sys_admin=ep', '-r', 'new\nline', './x'.slice(2), 'none', 'two', 'all']
  const root = rootFrom(t, Object.fromEntries(names.map(name => [`/bin/${name}`, ''])))
  const capabilities: Readonly<Record<string, string>> = {
    ...{ ping: 'cap_net_raw=ep', 'a b': 'cap_chown=p', '-r': 'cap_kill=ep', 'new\nline': 'cap_bpf=ei' },
    ...{ two: 'cap_setuid,cap_setgid=eip', all: '=ep' },
  }
  for (const name of names) chmodSync(join(root, 'bin', name), 0o755)
  for (const [name, text] of Object.entries(capabilities)) {
    execFileSync(setcap ?? '', [text, join(root, 'bin', name)])
  }
  const read = getcapReader()
  for (const name of names) {
    const path = join(root, 'bin', name)
    t.equal(read?.(path), name === 'all' ? read?.(path) : byModule?.(path), JSON.stringify(name))
    t.equal((read?.(path) ?? '') !== '', name in capabilities, JSON.stringify(name))
  }
  const pin = openSync(join(root, 'bin', 'ping'), constants.O_RDONLY)
  t.teardown(() => closeSync(pin))
  t.equal(read?.(`/proc/self/fd/${pin}`), '00', 'what has no name to ask by is unknown, not without')
})

t.test('without the program there is no reader', async t => {
  t.equal(getcapReader(''), undefined)
})

t.test('a program that fails is an error, not the word that there are none', async t => {
  const root = rootFrom(t, { '/bin/x': '' })
  chmodSync(join(root, 'bin/x'), 0o755)
  t.throws(() => getcapReader(join(root, 'missing'))?.(join(root, 'bin/x')), { code: 'ENOENT' })
})
