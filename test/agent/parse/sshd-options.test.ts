// Tests of the options on sshd's command line.
import fc from 'fast-check'
import t from 'tap'
import { parseSshdOptions } from '../../../agent/parse/sshd-options.ts'

const show = (line: string) => {
  const { options, configurationFile } = parseSshdOptions(line.split(' ').filter(Boolean))
  return [
    ...options.map(one => `${one.keyword}=${one.arguments.join('|')}`),
    ...(configurationFile ? [`-f ${configurationFile}`] : []),
  ]
}

t.test('options that set what the file sets', async t => {
  t.strictSame(show('-D'), [])
  t.strictSame(show('-D -p 2222 -p23'), ['port=2222', 'port=23'])
  t.strictSame(show('-De -4 -oPermitRootLogin=no -o X11Forwarding=yes'), [
    'addressfamily=inet',
    'PermitRootLogin=no',
    'X11Forwarding=yes',
  ])
  t.strictSame(show('-f /etc/other -h /etc/key -g 30 -u0 -q'), [
    'hostkey=/etc/key',
    'logingracetime=30',
    '-f /etc/other',
  ])
  t.strictSame(show('-oCiphers=a,b -oMACs=c'), ['Ciphers=a,b', 'MACs=c'])
  t.strictSame(show('-- -p 1'), [])
  t.strictSame(parseSshdOptions(['-o', 'AllowUsers a b']).options, [{ keyword: 'AllowUsers', arguments: ['a', 'b'] }])
})

t.test('cut and hostile words are answered', async t => {
  t.strictSame(show('-o'), [])
  t.strictSame(show('-p'), ['port='])
  const property = fc.property(
    fc.array(fc.string()),
    words => parseSshdOptions(words).options.length <= words.join('').length + 1,
  )
  t.doesNotThrow(() => fc.assert(property))
})
